import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ConfigError } from '../../../lib/contract/issues';
import { Site } from '../../../lib/contract/sites';
import { createRucio } from '../../../server/rucio/client';
import { type Behaviour, hang, html, inTurn, json, rucioError } from '../../support/fault-server';
import {
  type FixtureOptions,
  type RucioOnFaultServer,
  login,
  options,
  rucioOnFaultServer,
} from '../../support/rucio-on-fault-server';

const LOGIN = 'GET /auth/userpass';
const DID = { scope: 'mock', name: 'x' };
const STATUS = 'GET /dids/mock/x/status';
const ANSWER = { ...DID, type: 'DATASET' };
const EXPIRED = rucioError(401, 'CannotAuthenticate', 'Cannot authenticate with given credentials');

let rucio: RucioOnFaultServer;
let now: number;
let outcomes: string[];

async function start(settings: FixtureOptions = {}): Promise<void> {
  now = Date.now();
  outcomes = [];
  rucio = await rucioOnFaultServer({
    clock: () => now,
    onLogin: (outcome) => outcomes.push(outcome),
    ...settings,
  });
  rucio.server.on(STATUS, json(ANSWER));
}

afterEach(() => rucio.close());

const call = (signal = options().signal) => rucio.client.dids.get(DID, { signal });
const logins = () => rucio.server.seen(LOGIN).length;
const tokens = () => rucio.server.seen(STATUS).map(({ headers }) => headers['x-rucio-auth-token']);

/** Accepts one token only. */
function accepting(token: string): Behaviour {
  return (exchange) =>
    (exchange.request.headers['x-rucio-auth-token'] === token ? json(ANSWER) : EXPIRED)(exchange);
}

describe('a login', () => {
  it('happens once for many callers and many calls', async () => {
    await start();
    await Promise.all(Array.from({ length: 20 }, () => call()));
    await call();
    expect(logins()).toBe(1);
    expect(outcomes).toEqual(['ok']);
  });

  it('goes on for the others when one caller goes away', async () => {
    await start();
    const gate = gated(login());
    rucio.server.on(LOGIN, gate.behaviour);
    const leaving = new AbortController();
    const first = call(leaving.signal);
    const second = call();
    await untilSeen(LOGIN);
    const reason = new Error('gone');
    leaving.abort(reason);
    await expect(first).rejects.toBe(reason);
    gate.open();
    await expect(second).resolves.toMatchObject(ANSWER);
    expect(logins()).toBe(1);
  });

  it('ends by the time limit and does not hold up calls that need no session', async () => {
    await start({ rucioSeconds: 0.3 });
    rucio.server.on(LOGIN, hang());
    rucio.server.on('GET /ping', json({ version: '1' }));
    const waiting = call().catch((error: unknown) => error);
    await expect(rucio.client.meta.ping(options())).resolves.toEqual({ version: '1' });
    await expect(waiting).resolves.toMatchObject({ code: 'RUCIO_DOWN' });
  });

  it('tells a caller whose time is over while it waits', async () => {
    await start();
    rucio.server.on(LOGIN, hang());
    await expect(call(AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'RUCIO_DOWN' });
  });

  it.each([
    ['CannotAuthenticate', 401],
    ['IdentityNotFound', 401],
    ['AccountNotFound', 404],
    ['AccessDenied', 401],
  ])('refused with %s is LOGIN, without the secret', async (exceptionClass, status) => {
    await start();
    rucio.server.on(LOGIN, rucioError(status, exceptionClass, 'bad password not-so-secret'));
    const error: unknown = await call().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'LOGIN',
      publicMessage:
        "[LOGIN] Rucio refused the robot's credentials for the account robot.\n" +
        "Next: ask the server's operator to check the user name and the password in its Secret",
    });
    expect(rucio.server.seen(STATUS)).toHaveLength(0);
  });

  it('is not repeated for a second after it failed', async () => {
    await start();
    rucio.server.on(LOGIN, inTurn(EXPIRED, login()));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => call()));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    await expect(call()).rejects.toMatchObject({ code: 'LOGIN' });
    expect(logins()).toBe(1);
    now += 1001;
    await expect(call()).resolves.toMatchObject(ANSWER);
    expect(logins()).toBe(2);
    expect(outcomes).toEqual(['error', 'ok']);
  });

  it('with several accounts (206) is LOGIN', async () => {
    await start();
    rucio.server.on(LOGIN, ({ response }) => {
      response.writeHead(206, { 'x-rucio-auth-accounts': 'a,b' });
      response.end('["a","b"]');
    });
    await expect(call()).rejects.toMatchObject({
      code: 'LOGIN',
      what: expect.stringMatching(/several accounts/) as string,
    });
  });

  it.each([
    ['an error page', html(502)],
    ['no token', json({})],
    ['a redirect', html(303, { location: '/' })],
  ])('answered with %s is RUCIO_DOWN', async (_title, behaviour) => {
    await start();
    rucio.server.on(LOGIN, behaviour);
    await expect(call()).rejects.toMatchObject({ code: 'RUCIO_DOWN' });
  });

  it('reads changed credentials', async () => {
    const reloads: string[] = [];
    await start({ onSecretReload: (secret, outcome) => reloads.push(`${secret} ${outcome}`) });
    await call();
    await writeFile(join(rucio.directory, 'password'), 'a-longer-new-one\n');
    now += 3600_001;
    await call();
    const sent = rucio.server.seen(LOGIN).map(({ headers }) => headers['x-rucio-password']);
    expect(sent).toEqual(['not-so-secret', 'a-longer-new-one']);
    expect(reloads).toEqual(['rucio-password ok']);
  });

  it('with a file that was spoiled after the start is LOGIN and sends nothing', async () => {
    await start();
    await writeFile(join(rucio.directory, 'password'), 'two\nX-Evil: lines');
    now += 2000;
    const error: unknown = await call().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'LOGIN' });
    expect((error as Error & { publicMessage: string }).publicMessage).not.toContain(
      rucio.directory,
    );
    expect(logins()).toBe(0);
  });
});

describe('a session that Rucio no longer knows', () => {
  it('is renewed exactly once for 20 concurrent callers', async () => {
    await start();
    await call();
    rucio.server.on(STATUS, accepting('token-2'));
    const answers = await Promise.all(Array.from({ length: 20 }, () => call()));
    expect(answers).toHaveLength(20);
    expect(logins()).toBe(2);
  });

  it('is renewed once a call, then the call fails', async () => {
    await start();
    rucio.server.on(STATUS, EXPIRED);
    await expect(call()).rejects.toMatchObject({ code: 'LOGIN' });
    expect(tokens()).toEqual(['token-1', 'token-2']);
    expect(logins()).toBe(2);
  });

  it.each(['AccessDenied', 'UnsupportedOperation', 'CannotAuthorize'])(
    'is not what a 401 with %s means',
    async (exceptionClass) => {
      await start();
      rucio.server.on(STATUS, rucioError(401, exceptionClass, 'no'));
      await expect(call()).rejects.toMatchObject({ exceptionClass });
      expect(logins()).toBe(1);
      expect(rucio.server.seen(STATUS)).toHaveLength(1);
    },
  );

  it('is not what a 401 without a class means', async () => {
    await start();
    rucio.server.on(STATUS, html(401));
    await expect(call()).rejects.toMatchObject({ code: 'RUCIO_DOWN' });
    expect(logins()).toBe(1);
  });
});

describe('a session near its end', () => {
  it('is renewed in the background while it still serves', async () => {
    await start();
    await call();
    now += 56 * 60_000;
    const gate = gated(login());
    rucio.server.on(LOGIN, gate.behaviour);
    await call();
    await call();
    expect(tokens()).toEqual(['token-1', 'token-1', 'token-1']);
    await untilSeen(LOGIN, 2);
    expect(logins()).toBe(2);
    gate.open();
    while (outcomes.length < 2) await nextTurn();
    now += 10 * 60_000;
    await call();
    expect(logins()).toBe(2);
  });

  it('still serves when the renewal fails', async () => {
    await start();
    await call();
    now += 56 * 60_000;
    rucio.server.on(LOGIN, html(502));
    await expect(call()).resolves.toMatchObject(ANSWER);
    while (outcomes.length < 2) await nextTurn();
    await expect(call()).resolves.toMatchObject(ANSWER);
    expect(outcomes).toEqual(['ok', 'error']);
  });

  it('is not used after its end', async () => {
    await start();
    rucio.server.on(LOGIN, login(60));
    await call();
    now += 61_000;
    rucio.server.on(LOGIN, html(502));
    await expect(call()).rejects.toMatchObject({ code: 'RUCIO_DOWN' });
  });
});

describe('createRucio', () => {
  it('refuses a caFile that is not there', async () => {
    await start();
    const site = Site.parse({ ...rucio.site, caFile: join(rucio.directory, 'missing.pem') });
    const credentials = { type: 'userpass', usernameFile: '/u', passwordFile: '/p' } as const;
    const created = createRucio(
      site,
      { account: 'robot', credentials },
      { rucioSeconds: 1, rucioConnections: 1 },
    );
    await expect(created).rejects.toThrow(ConfigError);
  });
});

/** Holds every request back until it is opened. */
function gated(behaviour: Behaviour): { behaviour: Behaviour; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    open,
    behaviour: async (exchange) => {
      await opened;
      await behaviour(exchange);
    },
  };
}

async function nextTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function untilSeen(route: string, count = 1): Promise<void> {
  while (rucio.server.seen(route).length < count) await nextTurn();
}
