import { existsSync } from 'node:fs';

import { type RealRucio, startRealRucio } from '../support/real-rucio/start-real-rucio';
import { describeWith } from '../support/requirements';
import { answerTo, tokenFor } from './answer';
import { ROOT_ACCOUNT } from '../../server/demo/seed-accounts';
import { startDemoRucio } from '../../server/demo/start-demo-rucio';

const WHO = { title: 'root', path: `/accounts/${ROOT_ACCOUNT}`, status: 200 };

describeWith('real-rucio', 'sessions of a real Rucio', (dir) => {
  let real: RealRucio;

  beforeAll(async () => {
    real = await startRealRucio(dir);
  }, 60_000);
  afterAll(() => real.stop());

  test('an expired session is refused as the demo refuses it', async () => {
    const token = await tokenFor(real.url, 'root');
    await real.expireToken(token);
    const refused = await answerTo(real.url, WHO, token);
    expect(refused.headers['exceptionclass']).toBe('CannotAuthenticate');

    let now = Date.now();
    const demo = await startDemoRucio({ clock: () => now });
    const demoToken = await tokenFor(demo.url, 'root');
    now += 3_600_000;
    expect(await answerTo(demo.url, WHO, demoToken)).toEqual(refused);
    await demo.close();
  });

  test('a token that does not exist can not be expired', async () => {
    await expect(real.expireToken('nobody-nobody-unknown-0')).rejects.toThrow('expire-token.py');
  });

  test('a second server has its own data and leaves nothing behind', async () => {
    const second = await startRealRucio(dir, { workers: 2 });
    const token = await tokenFor(second.url, 'robot');
    expect(existsSync(second.directory)).toBe(true);
    expect((await answerTo(real.url, WHO, token)).status).toBe(401);
    expect((await answerTo(second.url, WHO, token)).status).toBe(200);
    await second.stop();
    expect(existsSync(second.directory)).toBe(false);
    await expect(fetch(`${second.url}/ping`)).rejects.toThrow('fetch failed');
  }, 60_000);
});
