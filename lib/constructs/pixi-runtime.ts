import { sha256 } from '../bundle/pack';
import { PATHS } from '../contract/endpoints';
import type { Plan } from '../contract/plan';
import { rucioVariables, serveArguments } from '../contract/serve-arguments';
import { serverImage } from './image';
import type { Container, EnvVar } from './kubernetes-shapes';
import type { PodRuntime } from './pod-runtime';
import { textQuantities } from './quantities';
import { containerSecurity } from './security';
import { emptyVolume, pixiVolume } from './volumes';

const WORKSPACE = '/workspace';
const MANIFEST = `${WORKSPACE}/pixi.toml`;

/**
 * Runs what follows in the environment of pixi, whose activation scripts set e.g. `X509_CERT_DIR`
 * of `ca-policy-lcg`. The text is fixed: values come as arguments, and are never read by the shell.
 */
const ACTIVATE = `set -e\neval "$(pixi shell-hook --manifest-path ${MANIFEST} --shell bash)"\nexec "$@"`;

/** Everything that pixi and conda packages write, inside of the one writable volume. */
const ENVIRONMENT: readonly EnvVar[] = [
  { name: 'HOME', value: WORKSPACE },
  { name: 'PIXI_HOME', value: `${WORKSPACE}/.pixi-home` },
  { name: 'PIXI_CACHE_DIR', value: `${WORKSPACE}/.cache/pixi` },
  { name: 'RATTLER_CACHE_DIR', value: `${WORKSPACE}/.cache/rattler` },
];

/** The Python server, installed by pixi when the pod starts: the chart's own way. */
export function pixiRuntime(plan: Plan, configMap: string): PodRuntime {
  const { values } = plan;
  const config = pixiVolume(configMap, Object.keys(pixiFiles(plan)));
  const workspace = emptyVolume('workspace', WORKSPACE, '4Gi');
  const temporary = emptyVolume('tmp', '/tmp', '256Mi');
  const install: Container = {
    name: 'pixi-install',
    image: serverImage(plan),
    imagePullPolicy: values.image.pullPolicy,
    command: ['/bin/sh', '-c'],
    args: [installScript(plan)],
    env: [...ENVIRONMENT],
    resources: textQuantities(values.initResources),
    securityContext: containerSecurity(values),
    volumeMounts: [config, workspace, temporary].map(({ mount }) => mount),
  };
  return {
    command: ['/bin/bash', '-c', ACTIVATE, 'rucio-mcp', 'rucio-mcp'],
    args: serveArguments(plan),
    env: [...ENVIRONMENT, ...rucioVariables(plan), ...secretVariables(plan)],
    volumes: [workspace, temporary],
    initContainers: [install],
    readyPath: PATHS.healthz,
    startSeconds: 180,
    resources: textQuantities(values.resources),
    provenance: {},
    checksum: sha256(JSON.stringify(pixiFiles(plan))),
  };
}

/** The volume of {@link pixiFiles}; only the init container sees it. */
export function pixiConfigVolume(plan: Plan, configMap: string): ReturnType<typeof pixiVolume> {
  return pixiVolume(configMap, Object.keys(pixiFiles(plan)));
}

/** The files that pixi installs from: names and text. */
export function pixiFiles({ values: { rucioMcp } }: Plan): Record<string, string> {
  const { version, extraPixiDependencies, pixiLockContent } = rucioMcp;
  const dependencies = Object.entries({ 'rucio-mcp': `==${version}`, ...extraPixiDependencies });
  const manifest = [
    '[workspace]',
    'channels = ["conda-forge"]',
    'name = "rucio-mcp"',
    'platforms = ["linux-64", "linux-aarch64"]',
    'version = "0.1.0"',
    '',
    '[dependencies]',
    ...dependencies.map(([name, spec]) => `${name} = "${spec}"`),
    '',
  ].join('\n');
  return {
    'pixi.toml': manifest,
    ...(pixiLockContent === '' ? {} : { 'pixi.lock': pixiLockContent }),
  };
}

/** Copies the files to where they may be written, and installs. Without a value of the operator's. */
function installScript(plan: Plan): string {
  return [
    'set -e',
    ...Object.keys(pixiFiles(plan)).map((file) => `cp /pixi-config/${file} ${WORKSPACE}/${file}`),
    `pixi install --manifest-path ${MANIFEST}`,
    '',
  ].join('\n');
}

/** The Python server reads its secrets from variables only; they come from Secrets all the same. */
function secretVariables({ values: { auth }, secrets }: Plan): EnvVar[] {
  if (auth.mode === 'oidc') return [];
  const from = (name: string, secret: string, key: string): EnvVar => ({
    name,
    valueFrom: { secretKeyRef: { name: secret, key } },
  });
  const bearer = secrets.find(({ volume }) => volume === 'bearer');
  const { authType, userpass } = auth.sharedSecret;
  return [
    ...(bearer === undefined
      ? []
      : [from('RUCIO_MCP_SHARED_SECRET', bearer.secret, bearer.keys[0] ?? '')]),
    ...(authType === 'userpass' && userpass.existingSecret !== ''
      ? [
          from('RUCIO_USERNAME', userpass.existingSecret, userpass.usernameKey),
          from('RUCIO_PASSWORD', userpass.existingSecret, userpass.passwordKey),
        ]
      : []),
  ];
}
