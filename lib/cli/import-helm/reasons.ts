import type { Change } from '../diff/differences';
import type { ObjectChange, StateDiff } from '../diff/state-diff';
import { pathText, pathWords } from '../diff/words';

/** Why ours differs from what the chart renders. */
interface Reason {
  readonly id: string;
  /** Of objects as a whole and of changes in them: `Kind path`, where the path may be empty. */
  readonly matches: RegExp;
  readonly why: string;
}

/** One reason with all that it explains. */
export interface ExplainedDifferences {
  readonly id: string;
  readonly why: string;
  readonly differences: readonly string[];
}

const POD = String.raw`Deployment spec\.template\.spec`;

/** The first reason that matches counts. */
const REASONS: readonly Reason[] = [
  {
    id: 'test-is-a-job',
    matches: /^Pod( |$)/,
    why: 'the test Pod of the chart has the labels that the Service selects; a hardened Job with labels of its own replaces it (smokeTest.enabled)',
  },
  {
    id: 'checksum',
    matches: /checksum/,
    why: 'the checksum is that of the configuration: the pods are replaced when it changes, not only when pixi.toml does',
  },
  {
    id: 'labels',
    matches: /(^| )(metadata|spec\.template\.metadata)\.labels/,
    why: 'labels say who made the object, what it is for and the version of what really runs; the selector is the same',
  },
  {
    id: 'nothing-installed-at-start',
    matches: new RegExp(
      String.raw`^ConfigMap data\["?pixi|^ConfigMap$|^${POD}\.(initContainers|volumes\[(pixi-config|workspace|tmp|config|bundle)\])|volumeMounts\[(workspace|pixi-config|tmp|config|bundle)\]|containers\[rucio-mcp\]\.(args|command|image|imagePullPolicy)|env\[(RUCIO_MCP_(CONFIG|BUNDLE\w*)|HOME|PIXI\w*|RATTLER\w*)\]`,
    ),
    why: 'the chart downloads and solves an environment at each start, through a shell; here a checked server is in the manifests, and no value is read by a shell',
  },
  {
    id: 'secrets-are-files',
    matches:
      /volumes\[(bearer|rucio-credentials|x509-creds|sealing|redis)\]|volumeMounts\[(bearer|rucio-credentials|x509-creds|sealing|redis)\]|env\[RUCIO_MCP_SHARED_SECRET\]|^Secret/,
    why: 'Secrets are mounted as files, only the named keys, readable by the group of an unprivileged user, and read again when they change; the chart needs a restart',
  },
  {
    id: 'credentials-by-variable',
    matches: /env\[(RUCIO_|X509_)|\.serve(\.|\[")auth-type/,
    why: 'one spelling of the sign-in: the flag of the chart overrode the mounted certificate, so that its x509 recipe could not work',
  },
  {
    id: 'probes-and-shutdown',
    matches:
      /(startup|readiness|liveness)Probe|lifecycle|terminationGracePeriodSeconds|strategy|revisionHistoryLimit|topologySpreadConstraints|^PodDisruptionBudget/,
    why: 'ready and alive are different questions, a start has its own time, and a stopping pod finishes its calls: a rollout loses no request',
  },
  {
    id: 'restricted',
    matches:
      /securityContext|serviceAccountName|automountServiceAccountToken|enableServiceLinks|^ServiceAccount/,
    why: 'the chart runs as root, with a writable root and a token of the default account; here Pod Security "restricted" holds and there is no token',
  },
  {
    id: 'isolated',
    matches: /^NetworkPolicy/,
    why: 'any pod could reach the metrics and pretend to be a proxy; now only gateway and monitoring come in, only Rucio and DNS are called',
  },
  {
    id: 'metrics-apart',
    matches: /^Service( |$)|^ServiceMonitor|^PodMonitor/,
    why: 'metrics have a Service of their own, so that no load balancer publishes them, and the monitor finds it by its labels',
  },
  {
    id: 'streams-and-ports',
    matches: /^Ingress|^HTTPRoute/,
    why: 'a proxy must not buffer or cut event streams, and the Ingress names the port of the Service instead of repeating its number',
  },
  {
    id: 'sized',
    matches: /resources/,
    why: 'the Node server needs a fraction of what pixi and Python do; values that you set yourself are kept',
  },
  {
    id: 'flags',
    matches: /\.serve/,
    why: 'flags that are wrong for this server are not passed, and an address that is known is passed always',
  },
  {
    id: 'dashboard',
    matches: /^ConfigMap data/,
    why: 'the panels query the metrics of the server that runs, and find it whatever the release is called',
  },
  {
    id: 'alerts',
    matches: /^PrometheusRule/,
    why: 'the chart has no alerts',
  },
  {
    id: 'own-variables',
    matches: /containers\[rucio-mcp\]\.env/,
    why: 'no variable stands twice: what you set in extraEnv counts',
  },
  {
    id: 'explicit-defaults',
    matches: /(defaultMode|metadata\.annotations|namespace|imagePullSecrets|ports\[)/,
    why: 'what the API server would fill in, and what tells where the server comes from, is written out',
  },
];

/** Every difference with its reason; the id `unexplained` is for those that nobody has thought of. */
export function explainDifferences({
  objects,
  server,
}: StateDiff): readonly ExplainedDifferences[] {
  const found = new Map<string, string[]>();
  const add = (id: string, text: string) => found.set(id, [...(found.get(id) ?? []), text]);
  for (const object of objects) {
    for (const [change, words] of partsOf(object)) add(reasonFor(object, change), words);
  }
  if (server !== null) {
    add('nothing-installed-at-start', `${server.before ?? 'none'} → ${server.after ?? 'none'}`);
  }
  return [...found].map(([id, differences]) => ({
    id,
    why: REASONS.find((reason) => reason.id === id)?.why ?? 'no reason is known: look at it',
    differences,
  }));
}

function partsOf(object: ObjectChange): readonly (readonly [Change | undefined, string])[] {
  const { action, kind, name, changes } = object;
  if (action !== 'changed') return [[undefined, `${action} ${kind}/${name}`]];
  return changes.map((change) => [change, `${kind}/${name}: ${pathWords(change.path)}`]);
}

function reasonFor({ kind, name }: ObjectChange, change: Change | undefined): string {
  const path = change === undefined ? '' : ` ${pathText(change.path)}`;
  if (kind === 'ConfigMap' && change === undefined) {
    return name.endsWith('-grafana-dashboard') ? 'dashboard' : 'nothing-installed-at-start';
  }
  return REASONS.find(({ matches }) => matches.test(`${kind}${path}`))?.id ?? 'unexplained';
}
