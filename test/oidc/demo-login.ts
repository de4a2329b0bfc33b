import { type DemoLogin, startDemoLogin } from '../../scripts/demo/start-demo-login';
import type { LoginSide } from './login-play';
import { PROVIDER } from './real-login';

/** Longer than a session is too young to be renewed, in milliseconds. */
const AGE_MS = 600_000;

/** The demo Rucio with its identity provider, as one side of a play. */
export async function startDemoSide(): Promise<LoginSide & Pick<DemoLogin, 'close'>> {
  let passed = 0;
  const demo = await startDemoLogin({ provider: PROVIDER, clock: () => Date.now() + passed });
  return {
    url: demo.rucio.url,
    issuer: demo.provider.issuer,
    ageSessions: () => {
      passed += AGE_MS;
      return Promise.resolve();
    },
    close: () => demo.close(),
  };
}
