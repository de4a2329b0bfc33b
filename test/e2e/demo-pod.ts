import { join } from 'node:path';

import { sitePath } from '../../lib/contract/endpoints';
import type { ValuesInput } from '../../lib/contract/values/values';
import { DEMO_SITE, demoDeployment } from '../../scripts/demo/demo-values';
import { freePorts } from '../../scripts/pod/free-ports';
import { type Pod, type SecretData, type StartPodOptions, startPod } from '../../scripts/pod/pod';
import { PodError } from '../../scripts/pod/pod-error';
import { synthesize } from '../../scripts/pod/synthesize';

/** The synth command as the build made it; `npm test` builds first. */
export const SYNTH = join(__dirname, '../../dist/main.js');

/** Another test may take a port between our look and the start of the pod. */
const ATTEMPTS = 3;

export interface DemoPodOptions {
  readonly rucioUrl: string;
  /** Changes the values of the demo. */
  readonly values?: (values: ValuesInput) => ValuesInput;
  /** Other Secrets than those of the demo, by name. */
  readonly secrets?: Readonly<Record<string, SecretData>>;
  /** Changes what synth made of them. */
  readonly manifests?: (yaml: string) => string;
  /** See {@link StartPodOptions}. */
  readonly launcher?: readonly string[];
}

export interface DemoPod {
  readonly pod: Pod;
  readonly bearer: string;
  /** The site's endpoint, without the trailing slash. */
  readonly endpoint: string;
}

/** Synthesizes the demo's deployment for a Rucio server and starts its pod, ready or not. */
export async function startDemoPod(options: DemoPodOptions): Promise<DemoPod> {
  const [port = 0, metricsPort = 0] = await freePorts(2);
  const { rucioUrl, values: change = same, manifests: rewrite = same } = options;
  const { values, secrets, bearer } = demoDeployment({ rucioUrl, port, metricsPort });
  const manifests = rewrite(await synthesize({ program: SYNTH, values: change(values) }));
  const launched: Pick<StartPodOptions, 'launcher'> =
    options.launcher === undefined ? {} : { launcher: options.launcher };
  const pod = await startPod({
    manifests,
    secrets: { ...secrets, ...options.secrets },
    ...launched,
  });
  return { pod, bearer, endpoint: pod.url(sitePath(DEMO_SITE)) };
}

/** Like {@link startDemoPod}, and waits until the pod is ready. */
export async function readyDemoPod(options: DemoPodOptions): Promise<DemoPod> {
  for (let attempt = 1; ; attempt++) {
    const demo = await startDemoPod(options);
    try {
      await demo.pod.ready();
      return demo;
    } catch (error) {
      const portTaken = error instanceof PodError && error.message.includes('EADDRINUSE');
      if (!portTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

function same<T>(value: T): T {
  return value;
}
