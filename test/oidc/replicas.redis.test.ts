import { describeWith } from '../support/requirements';
import { type RedisServer, startRedis } from '../support/start-redis';
import { eventually } from '../support/eventually';
import { Browser, type SeenPage } from './browser';
import {
  CALLBACK,
  type TestClient,
  type Tokens,
  answerIn,
  authorizeUrl,
  mcp,
  redeem,
  registerTestClient,
  tokenRequest,
} from './oidc-app';
import { Replicas } from './replicas';
import { type StubRucio, startStubRucio } from './stub-rucio';

/** `ROLLOUT=full` is the load of a day; continuous integration takes a tenth. */
const [LOGINS, CALLS] = process.env['ROLLOUT'] === 'full' ? [200, 10_000] : [20, 1000];

describeWith('redis', 'two pods behind one address', (command) => {
  let redis: RedisServer;
  let rucio: StubRucio;
  let pods: Replicas;
  let browser: Browser;
  let client: TestClient;
  const opened: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    redis = await startRedis(command);
    opened.push(() => redis.stop());
    rucio = await startStubRucio();
    opened.push(() => rucio.close());
    pods = await Replicas.open(rucio.url, redis.url, 2);
    opened.push(() => pods.close());
  });
  beforeEach(async () => {
    rucio.signIn('jdoe');
    browser = new Browser();
    client = await registerTestClient(pods.issuer);
  });
  afterEach(() => browser.close());
  afterAll(async () => {
    // What did not start must not keep the rest running.
    await Promise.allSettled(opened.map((close) => close()));
  });

  /** The steps of a login, each with what the one before has led to. */
  interface Login {
    page?: SeenPage;
    code?: string;
    tokens?: Tokens;
  }
  const seen = ({ page }: Login): SeenPage => page ?? fail();
  const fail = (): never => {
    throw new Error('a step is missing');
  };
  const STEPS: readonly [string, (login: Login) => Promise<Login>][] = [
    [
      'authorize',
      async () => ({ page: await browser.open(authorizeUrl(pods.issuer, client.parameters)) }),
    ],
    ['consent', async (at) => ({ page: await browser.submit(seen(at), { decision: 'allow' }) })],
    ['status', async (at) => ({ page: await browser.submit(seen(at)) })],
    [
      'finish',
      async (at) => {
        const page = await browser.submit(seen(at), { decision: 'continue' });
        return { code: answerIn(page).get('code') ?? fail() };
      },
    ],
    [
      'token',
      async ({ code = fail() }) => {
        const { status, body } = await redeem(pods.issuer, client, code);
        expect(status).toBe(200);
        return { tokens: body as unknown as Tokens };
      },
    ],
    [
      'refresh',
      async ({ tokens = fail() }) => {
        const { status, body } = await refresh(tokens.refresh_token);
        expect(status).toBe(200);
        return { tokens: body as unknown as Tokens };
      },
    ],
  ];

  const refresh = (token: string) =>
    tokenRequest(pods.issuer, {
      grant_type: 'refresh_token',
      client_id: client.id,
      refresh_token: token,
    });

  async function login(killBefore?: string): Promise<Tokens> {
    let at: Login = {};
    for (const [name, step] of STEPS) {
      if (name === killBefore) {
        await pods.running[0]?.kill();
        // The one that is left may not be the one that answered before.
        await pods.add();
      }
      at = await step(at);
    }
    return at.tokens ?? fail();
  }

  const call = (token: string) =>
    mcp(pods.issuer, token, 'tools/call', { name: 'rucio_whoami', arguments: {} });

  test.each(STEPS.map(([name]) => name))(
    'a pod is killed before "%s": the login completes, and its tokens work',
    async (name) => {
      const tokens = await login(name);
      for (let pod = 0; pod < 2; pod++) {
        const answer = await call(tokens.access_token);
        expect(answer.status).toBe(200);
        expect(await answer.text()).toContain('jdoe');
      }
    },
    60_000,
  );

  test('T14: code replay: a code that one pod has taken is refused by the other', async () => {
    let at: Login = {};
    for (const [, step] of STEPS.slice(0, 4)) at = await step(at);
    const { code = fail() } = at;
    const first = await redeem(pods.issuer, client, code);
    const again = await redeem(pods.issuer, client, code);
    expect([first.status, again.status]).toEqual([200, 400]);
    // And what the first one got is worth nothing any more, wherever it is shown.
    const { access_token: token } = first.body as unknown as Tokens;
    expect((await call(token)).status).toBe(401);
    expect((await call(token)).status).toBe(401);
  });

  test('of one code at both pods at once, one is taken', async () => {
    let at: Login = {};
    for (const [, step] of STEPS.slice(0, 4)) at = await step(at);
    const { code = fail() } = at;
    const answers = await Promise.all([0, 1, 2, 3].map(() => redeem(pods.issuer, client, code)));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    expect(answers.filter(({ body }) => body['error'] === 'invalid_grant').length).toBeGreaterThan(
      2,
    );
  });

  test('T31: refresh replay: a token used at one pod ends the sign-in at all', async () => {
    const { refresh_token: stolen } = await login();
    const first = (await refresh(stolen)).body as unknown as Tokens;
    const second = (await refresh(first.refresh_token)).body as unknown as Tokens;
    expect((await refresh(stolen)).status).toBe(400);
    expect((await refresh(second.refresh_token)).status).toBe(400);
    expect((await call(second.access_token)).status).toBe(401);
    expect((await call(second.access_token)).status).toBe(401);
  });

  test('a sign-out at one pod holds at the other', async () => {
    const tokens = await login();
    const form = new URLSearchParams({ client_id: client.id, token: tokens.access_token });
    const revoked = await fetch(`${pods.issuer}/revoke`, { method: 'POST', body: form });
    expect(revoked.status).toBe(200);
    expect((await call(tokens.access_token)).status).toBe(401);
    expect((await call(tokens.access_token)).status).toBe(401);
  });

  test('Redis is killed: who is in stays in, nobody comes in; it recovers by itself', async () => {
    const tokens = await login();
    for (let pod = 0; pod < 2; pod++) expect((await call(tokens.access_token)).status).toBe(200);
    await redis.kill();
    for (let pod = 0; pod < 2; pod++) expect((await call(tokens.access_token)).status).toBe(200);
    for (let pod = 0; pod < 2; pod++) {
      const refused = await refresh(tokens.refresh_token);
      expect(refused.status).toBe(503);
      expect(refused.body['error']).toBe('temporarily_unavailable');
      expect(refused.headers.get('retry-after')).toBe('5');
    }
    await redis.start();
    // The refresh token is not used up by what was refused.
    let renewed: Awaited<ReturnType<typeof refresh>> | undefined;
    await eventually(async () => {
      renewed = await refresh(tokens.refresh_token);
      return renewed.status !== 503;
    });
    expect(renewed?.status).toBe(200);
  });

  test('a token that was never seen is not let in while Redis is away', async () => {
    const tokens = await login();
    await redis.kill();
    const answer = await call(tokens.access_token);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    await redis.start();
    await eventually(async () => (await call(tokens.access_token)).status === 200);
  });

  test(`all pods are replaced during ${LOGINS} logins and ${CALLS} calls: nothing is lost`, async () => {
    const { access_token: token } = await login();
    let [logins, calls] = [0, 0];
    const problems: string[] = [];
    const user = async () => {
      while (logins < LOGINS) {
        logins += 1;
        try {
          await newLogin();
        } catch (error) {
          problems.push(`login: ${String(error)}`);
        }
      }
    };
    const caller = async () => {
      while (calls < CALLS) {
        calls += 1;
        const answer = await call(token).catch((error: unknown) => String(error));
        if (typeof answer === 'string') problems.push(`call: ${answer}`);
        else if (answer.status !== 200 || !(await answer.text()).includes('jdoe')) {
          problems.push(`call: ${answer.status}`);
        }
      }
    };
    const work = Promise.all([user(), user(), caller(), caller(), caller(), caller()]);
    const codes: (number | null)[] = [];
    let rollouts = 0;
    const state = { busy: true };
    const ended = work.finally(() => (state.busy = false));
    do {
      for (const old of pods.running) {
        await pods.add();
        codes.push(await old.stop());
      }
      rollouts += 1;
    } while (state.busy && rollouts < 20);
    await ended;
    expect(problems).toEqual([]);
    expect([...new Set(codes)]).toEqual([0]);
    expect(codes.length).toBeGreaterThanOrEqual(2);
  }, 600_000);

  /** A whole login in a browser of its own. */
  async function newLogin(): Promise<void> {
    const [own, owner] = [new Browser(), await registerTestClient(pods.issuer)];
    try {
      const consent = await own.open(authorizeUrl(pods.issuer, owner.parameters));
      const bridge = await own.submit(consent, { decision: 'allow' });
      const done = await own.submit(await own.submit(bridge), { decision: 'continue' });
      const { status } = await redeem(pods.issuer, owner, answerIn(done).get('code') ?? '');
      if (status !== 200) throw new Error(`token endpoint: ${status}`);
    } finally {
      await own.close();
    }
  }

  test('every address that is told is the one before the pods', async () => {
    const metadata = await fetch(
      `${pods.proxy.url}/.well-known/oauth-authorization-server/site/one`,
    );
    const told = JSON.stringify(await metadata.json());
    for (const { port } of pods.running) expect(told).not.toContain(`:${port}/`);
    expect(told).toContain(`${pods.issuer}/token`);
    expect(CALLBACK).toContain('127.0.0.1');
  });
});
