import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { PATHS, sitePath } from '../../lib/contract/endpoints';
import { parseQuantity } from '../../lib/constructs/checks/quantity';
import type { ValuesInput } from '../../lib/contract/values/values';
import { DEMO_SITE, demoDeployment } from '../../scripts/demo/demo-values';
import { freePorts } from '../../scripts/pod/free-ports';
import { startPod } from '../../scripts/pod/pod';
import { synthesize } from '../../scripts/pod/synthesize';
import { metricValue } from '../../test/support/metric-value';
import { CA_FILE } from '../../test/support/tls/files';
import { type Cgroup, type Limits, createCgroup } from './cgroup';

const SYNTH = join(import.meta.dirname, '../../dist/main.js');
const CA_DIRECTORY = '/etc/rucio-mcp/ca';
const CA_SECRET = 'rucio-ca';

export type Mode = 'oidc' | 'sharedSecret';

/** The pod of a synthesized Deployment, with what its limits allow. */
export interface LoadedServer {
  readonly pid: number;
  /** The site's endpoint, which is the issuer of its tokens, too. */
  readonly endpoint: string;
  /** What the clients of `sharedSecret` present. */
  readonly bearer: string;
  readonly limits: Limits;
  /** undefined where this system lets us make none. */
  readonly cgroup: Cgroup | undefined;
  /** Value of a metric without labels, or the sum over its labels. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

/** Synthesizes the deployment of one mode with default resources, and runs its pod under them. */
export async function startServer(mode: Mode, rucioUrl: string): Promise<LoadedServer> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const { values, secrets, bearer } = demoDeployment({ rucioUrl, port, metricsPort });
  const manifests = await synthesize({
    program: SYNTH,
    values: withSite(values, mode, rucioUrl),
  });
  const limits = limitsOf(manifests);
  const cgroup = tryCgroup(limits);
  const pod = await startPod({
    manifests,
    secrets: { ...secrets, [CA_SECRET]: { 'ca.pem': await readFile(CA_FILE, 'utf8') } },
    ...(cgroup === undefined ? {} : { launcher: cgroup.launcher }),
  });
  const stop = async () => {
    await pod.stop();
    cgroup?.remove();
  };
  try {
    await pod.ready();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    pid: pod.pid,
    endpoint: pod.url(sitePath(DEMO_SITE)),
    bearer,
    limits,
    cgroup,
    metric: async (name) =>
      metricValue(await (await fetch(pod.url(PATHS.metrics, 'metrics'))).text(), name),
    stop,
  };
}

/** The demo's values with the mode, and with the authority of the Rucio's certificate. */
function withSite(values: ValuesInput, mode: Mode, rucioUrl: string): ValuesInput {
  const site = { name: DEMO_SITE, rucioHost: rucioUrl, authHost: rucioUrl };
  return {
    ...values,
    auth: {
      ...(mode === 'oidc' ? {} : values.auth),
      mode,
      sites: [{ ...site, caFile: `${CA_DIRECTORY}/ca.pem` }],
    },
    extraVolumes: [{ name: 'rucio-ca', secret: { secretName: CA_SECRET } }],
    extraVolumeMounts: [{ name: 'rucio-ca', mountPath: CA_DIRECTORY, readOnly: true }],
  };
}

interface Deployment {
  readonly kind: string;
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly [
          { readonly resources: { readonly limits: Readonly<Record<string, string>> } },
        ];
      };
    };
  };
}

function limitsOf(manifests: string): Limits {
  const deployment = parseAllDocuments(manifests)
    .map((document) => document.toJS() as Deployment)
    .find(({ kind }) => kind === 'Deployment');
  const limits = deployment?.spec.template.spec.containers[0].resources.limits ?? {};
  return {
    memoryBytes: parseQuantity(limits['memory'] ?? '') ?? 0,
    cpus: parseQuantity(limits['cpu'] ?? '') ?? 0,
  };
}

function tryCgroup(limits: Limits): Cgroup | undefined {
  try {
    return createCgroup(limits);
  } catch (error) {
    console.error(`No limits: a control group can not be made (${String(error)})`);
    return undefined;
  }
}
