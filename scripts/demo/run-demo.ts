import { PATHS, PORTS, sitePath } from '../../lib/contract/endpoints';
import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { freePorts, isFree } from '../pod/free-ports';
import { type Pod, startPod } from '../pod/pod';
import { synthesize } from '../pod/synthesize';
import type { DemoAddresses } from './banner';
import { DEMO_SITE, demoDeployment } from './demo-values';

/** More than 10,000 files in all. */
const FILES_PER_DATASET = 500;

export interface DemoOptions {
  /** The synth command: `dist/main.js`. */
  readonly program: string;
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
 * Starts an embedded Rucio and, from freshly synthesized manifests, the pod of an MCP server for it.
 *
 * @throws {Error} when synth refuses, a port is taken or the pod does not become ready; then nothing
 *   is left running
 */
export async function startDemo({ program, port, onOutput }: DemoOptions): Promise<Demo> {
  const rucio = await startDemoRucio({ filesPerDataset: FILES_PER_DATASET });
  let pod: Pod | undefined;
  const close = async () => {
    await pod?.stop();
    await rucio.close();
  };
  try {
    const ports = await choosePorts(port);
    const { values, secrets, bearer } = demoDeployment({ rucioUrl: rucio.url, ...ports });
    const manifests = await synthesize({ program, values });
    pod = await startPod({ manifests, secrets, onOutput, ownProcessGroup: true });
    await pod.ready();
    const addresses = {
      endpoint: pod.url(`${sitePath(DEMO_SITE)}/`),
      bearer,
      metrics: pod.url(PATHS.metrics, 'metrics'),
      rucio: rucio.url,
    };
    return { addresses, pod, close };
  } catch (error) {
    await close();
    throw error;
  }
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
