import { PATHS, PORTS, sitePath } from '../../lib/contract/endpoints';
import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { freePorts, isFree } from '../pod/free-ports';
import { type Pod, startPod } from '../pod/pod';
import { synthesize } from '../pod/synthesize';
import type { DemoAddresses } from './banner';
import { DEMO_SITE, type DemoLogin, demoDeployment, oidcDemoValues } from './demo-values';
import { startDemoLogin } from './start-demo-login';

/** More than 10,000 files in all. */
const FILES_PER_DATASET = 500;

export interface DemoOptions {
  /** The synth command: `dist/main.js`. */
  readonly program: string;
  /** The identity provider: `dist/identity-provider.mjs`. */
  readonly provider: string;
  /** How users sign in as themselves; left out: one robot behind one bearer. */
  readonly login?: DemoLogin | undefined;
  /** Port of the MCP endpoint; left out: the usual one, or a free one when that is taken. */
  readonly port?: number | undefined;
  readonly onOutput?: ((text: string) => void) | undefined;
}

export interface Demo {
  readonly addresses: DemoAddresses;
  readonly pod: Pod;
  /** Stops the pod, then its Rucio. */
  close(): Promise<void>;
}

/**
 * Starts an embedded Rucio and, from freshly synthesized manifests, the pod of an MCP server for it;
 * with `login` an identity provider as well.
 *
 * @throws {Error} when synth refuses, a port is taken or the pod does not become ready; then nothing
 *   is left running
 */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const { program, login, port, onOutput } = options;
  const backend = await startBackend(options);
  let pod: Pod | undefined;
  const close = async () => {
    await pod?.stop();
    await backend.close();
  };
  try {
    const where = { rucioUrl: backend.url, ...(await choosePorts(port)) };
    const { values, secrets, bearer } =
      login === undefined
        ? demoDeployment(where)
        : { values: oidcDemoValues(where, login), secrets: {}, bearer: undefined };
    const manifests = await synthesize({ program, values });
    pod = await startPod({ manifests, secrets, onOutput, ownProcessGroup: true });
    await pod.ready();
    const addresses = {
      endpoint: pod.url(`${sitePath(DEMO_SITE)}/`),
      bearer,
      metrics: pod.url(PATHS.metrics, 'metrics'),
      rucio: backend.url,
      provider: backend.issuer,
    };
    return { addresses, pod, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the server under demonstration works with. */
interface Backend {
  readonly url: string;
  readonly issuer: string | undefined;
  close(): Promise<void>;
}

async function startBackend({ login, provider }: DemoOptions): Promise<Backend> {
  const size = { filesPerDataset: FILES_PER_DATASET };
  if (login === undefined) {
    const rucio = await startDemoRucio(size);
    return { url: rucio.url, issuer: undefined, close: () => rucio.close() };
  }
  const started = await startDemoLogin({ ...size, provider });
  const { url } = started.rucio;
  return { url, issuer: started.provider.issuer, close: () => started.close() };
}

async function choosePorts(wanted?: number): Promise<{ port: number; metricsPort: number }> {
  if (wanted !== undefined && !(await isFree(wanted))) {
    throw new Error(`port ${wanted} is taken; choose another one with --port`);
  }
  const [spare = 0, spareMetrics = 0] = await freePorts(2);
  const port = wanted ?? ((await isFree(PORTS.http)) ? PORTS.http : spare);
  const metricsPort = PORTS.metrics !== port && (await isFree(PORTS.metrics));
  return { port, metricsPort: metricsPort ? PORTS.metrics : spareMetrics };
}
