import { type Manifest, title, valuesAt } from './manifest';

interface PodContext {
  readonly runAsNonRoot?: unknown;
  readonly runAsUser?: unknown;
  readonly seccompProfile?: { readonly type?: unknown };
  readonly sysctls?: unknown;
}

interface ContainerContext extends PodContext {
  readonly allowPrivilegeEscalation?: unknown;
  readonly privileged?: unknown;
  readonly procMount?: unknown;
  readonly readOnlyRootFilesystem?: unknown;
  readonly capabilities?: { readonly add?: readonly unknown[]; readonly drop?: readonly unknown[] };
}

interface Container {
  readonly name: string;
  readonly securityContext?: ContainerContext;
}

interface Pod {
  readonly hostNetwork?: unknown;
  readonly hostPID?: unknown;
  readonly hostIPC?: unknown;
  readonly automountServiceAccountToken?: unknown;
  readonly securityContext?: PodContext;
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Readonly<Record<string, unknown>>[];
}

/** Volume types of the level "restricted". */
const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/**
 * The Pod Security Standards, level "restricted", and what we ask beyond: a root file system that
 * can not be written, and no token of the ServiceAccount.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function podSecurityProblems(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) =>
    (valuesAt(manifest, 'spec.template.spec') as Pod[]).flatMap((pod) =>
      [
        ...podProblems(pod),
        ...[...pod.containers, ...(pod.initContainers ?? [])].flatMap((container) =>
          containerProblems(container, pod.securityContext ?? {}),
        ),
      ].map((problem) => `${title(manifest)} is not restricted: ${problem}`),
    ),
  );
}

function podProblems(pod: Pod): string[] {
  const context = pod.securityContext ?? {};
  const problems: string[] = [];
  if (pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true) {
    problems.push('it uses a namespace of the host');
  }
  if (pod.automountServiceAccountToken !== false) problems.push('a token is mounted');
  if (context.sysctls !== undefined) problems.push('it sets sysctls');
  for (const { name, ...volume } of pod.volumes ?? []) {
    const foreign = Object.keys(volume).filter((type) => !VOLUMES.includes(type));
    for (const type of foreign) problems.push(`volume ${String(name)} is a ${type}`);
  }
  return problems;
}

function containerProblems({ name, securityContext = {} }: Container, pod: PodContext): string[] {
  const context = securityContext;
  const { add = [], drop = [] } = context.capabilities ?? {};
  const seccomp = context.seccompProfile ?? pod.seccompProfile;
  const checks: readonly (readonly [boolean, string])[] = [
    [context.privileged === undefined || context.privileged === false, 'privileged'],
    [context.allowPrivilegeEscalation === false, 'allowPrivilegeEscalation is not false'],
    [context.readOnlyRootFilesystem === true, 'readOnlyRootFilesystem is not true'],
    [(context.runAsNonRoot ?? pod.runAsNonRoot) === true, 'runAsNonRoot is not true'],
    [(context.runAsUser ?? pod.runAsUser) !== 0, 'runAsUser is 0'],
    [drop.includes('ALL'), 'capabilities.drop lacks ALL'],
    [
      add.every((capability) => capability === 'NET_BIND_SERVICE'),
      'capabilities.add has more than NET_BIND_SERVICE',
    ],
    [
      seccomp?.type === 'RuntimeDefault' || seccomp?.type === 'Localhost',
      'seccompProfile.type is neither RuntimeDefault nor Localhost',
    ],
    [context.procMount === undefined || context.procMount === 'Default', 'procMount is set'],
  ];
  return checks.flatMap(([holds, problem]) => (holds ? [] : [`container ${name}: ${problem}`]));
}
