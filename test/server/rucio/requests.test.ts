import fc from 'fast-check';

import { type Behaviour, html, json, longList, ndjson } from '../../support/fault-server';
import {
  type RucioOnFaultServer,
  collect,
  options,
  rucioOnFaultServer,
} from '../../support/rucio-on-fault-server';

let rucio: RucioOnFaultServer;

beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

/** Answers every DID with what the server decoded from the path. */
const echo: Behaviour = ({ request, response }) => {
  const [, scope, name] = request.segments;
  response.end(JSON.stringify({ scope, name, type: 'DATASET' }));
};

function route(scope: string, name: string): string {
  return `GET /dids/${encodeURIComponent(scope)}/${encodeURIComponent(name)}/status`;
}

describe('a path segment that is not a name', () => {
  it.each([
    '../accounts/x',
    '..',
    '.',
    'a/../b',
    'a\\..\\b',
    '%2e%2e',
    '%2E%2e/accounts',
    '%252e%252e',
    'a%2f..%2fb',
    'a\0b',
    'a%00b',
    'a\nb',
    'a\r\nHost: evil',
    '\u0085',
    '',
    '\ud800',
    'x'.repeat(1001),
  ])('never reaches the server: %j', async (name) => {
    const asName = rucio.client.dids.get({ scope: 'mock', name }, options());
    await expect(asName).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    const asScope = rucio.client.dids.get({ scope: name, name: 'x' }, options());
    await expect(asScope).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(rucio.server.requests.filter(({ rawPath }) => rawPath !== '/auth/userpass')).toEqual([]);
  });
});

describe('a DID name', () => {
  it.each([
    'a/b/c',
    '/belle/user/x',
    'block#1',
    '100%',
    '50%25',
    'a+b',
    'a b',
    'a..b',
    '...',
    'v1..v2/x',
    'ünïcödé-日本-😀',
    "!'()*",
    '?limit=1&x=y',
    'a;b=c,d@e',
    'x/files',
  ])('arrives as it is: %j', async (name) => {
    rucio.server.on(route('mock', name), echo);
    const did = await rucio.client.dids.get({ scope: 'mock', name }, options());
    expect(did.name).toBe(name);
    expect(rucio.server.requests.at(-1)?.query.toString()).toBe('dynamic_depth=FILE');
  });

  it('arrives as it is or not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (name) => {
        const before = rucio.server.requests.length;
        let path = '';
        try {
          path = route('mock', name);
          rucio.server.on(path, echo);
        } catch {
          // A lone surrogate has no path.
        }
        const got = await rucio.client.dids.get({ scope: 'mock', name }, options()).then(
          (did) => did.name,
          () => 'refused',
        );
        const sent = rucio.server.requests.slice(before).filter(({ method, rawPath }) => {
          return `${method} ${rawPath}` !== 'GET /auth/userpass';
        });
        expect(got).toBe(sent.length === 0 ? 'refused' : name);
      }),
      { numRuns: 200 },
    );
  });
});

describe('headers', () => {
  it('carry the session, the VO and who asks; ping carries no session', async () => {
    rucio.server.on('GET /ping', json({ version: '1' }));
    rucio.server.on(route('mock', 'x'), echo);
    await rucio.client.meta.ping(options());
    await rucio.client.dids.get({ scope: 'mock', name: 'x' }, options());
    const [ping, login, did] = rucio.server.requests;
    expect(ping?.headers).not.toHaveProperty('x-rucio-auth-token');
    expect(login?.headers).toMatchObject({
      'x-rucio-account': 'robot',
      'x-rucio-username': 'robot',
      'x-rucio-password': 'not-so-secret',
      'x-rucio-vo': 'def',
    });
    expect(did?.headers).toMatchObject({
      accept: '*/*',
      'x-rucio-auth-token': 'token-1',
      'x-rucio-vo': 'def',
      'x-rucio-script': 'rucio-mcp::get_did',
      'user-agent': 'rucio-mcp-cdk8s',
    });
  });
});

describe('whoami', () => {
  const WHOAMI = 'GET /accounts/whoami';
  const answer = { account: 'robot', account_type: 'SERVICE' };

  it.each([
    ['a relative redirect', () => 'robot'],
    ['an absolute redirect to the same origin', () => `${rucio.server.url}/accounts/robot`],
  ])('follows %s', async (_title, location) => {
    rucio.server.on(WHOAMI, html(303, { location: location() }));
    rucio.server.on('GET /accounts/robot', json(answer));
    await expect(rucio.client.accounts.whoami(options())).resolves.toMatchObject(answer);
  });

  it('follows under a path prefix', async () => {
    await rucio.close();
    rucio = await rucioOnFaultServer({ prefix: '/rucio/v1' });
    rucio.server.on('GET /rucio/v1/accounts/whoami', html(303, { location: 'robot' }));
    rucio.server.on('GET /rucio/v1/accounts/robot', json(answer));
    await expect(rucio.client.accounts.whoami(options())).resolves.toMatchObject(answer);
  });

  it.each([
    'http://127.0.0.1:1/accounts/robot',
    '//127.0.0.1:1/accounts/robot',
    'https://evil.example/accounts/robot',
    '/ping',
    '../ping',
    'robot/identities',
    '/accounts/',
    '%zz',
    '',
  ])('does not follow %j', async (location) => {
    rucio.server.on(WHOAMI, html(303, { location }));
    await expect(rucio.client.accounts.whoami(options())).rejects.toMatchObject({
      code: 'RUCIO_DOWN',
    });
    expect(rucio.server.requests.map(({ rawPath }) => rawPath)).toEqual([
      '/auth/userpass',
      '/accounts/whoami',
    ]);
  });

  it('does not follow a redirect that hides another path', async () => {
    rucio.server.on(WHOAMI, html(303, { location: '%2e%2e%2fping' }));
    await expect(rucio.client.accounts.whoami(options())).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
  });
});

describe('listDids', () => {
  const SEARCH = 'GET /dids/mock/dids/search';

  it('sends its conditions as parameters, which can not replace its own', async () => {
    rucio.server.on(SEARCH, ndjson([]));
    const filters = { name: 'a*&limit=1', 'length.gte': '5', type: 'file', long: 'False' };
    await collect(
      rucio.client.dids.list(
        { scope: 'mock', type: 'dataset', filters, recursive: true, limit: 7 },
        options(),
      ),
    );
    expect(Object.fromEntries(rucio.server.seen(SEARCH)[0]!.query)).toEqual({
      name: 'a*&limit=1',
      'length.gte': '5',
      type: 'dataset',
      long: 'True',
      recursive: 'True',
      limit: '7',
    });
  });

  it('reads sizes beyond 2^53 and infinite ones', async () => {
    const row = (bytes: string) =>
      `{"scope": "mock", "name": "x", "did_type": "DATASET", "bytes": ${bytes}, "length": null}`;
    rucio.server.on(SEARCH, ndjson([row('9007199254740993'), row('Infinity'), row('null')]));
    const query = { scope: 'mock', type: 'all', filters: {}, recursive: false } as const;
    const rows = await collect(rucio.client.dids.list(query, options()));
    expect(rows.map(({ bytes }) => bytes)).toEqual(['9007199254740993', Infinity, null]);
  });

  it('is read only as fast as it is taken, and stops the server when it is left', async () => {
    const list = longList((index) => ({ scope: 'mock', name: `f${index}` }), 200_000);
    rucio.server.on(SEARCH, list.behaviour);
    const query = { scope: 'mock', type: 'all', filters: {}, recursive: false } as const;
    let taken = 0;
    for await (const _row of rucio.client.dids.list(query, options())) {
      taken += 1;
      if (taken === 50) break;
    }
    await rucio.server.seen(SEARCH)[0]?.closed;
    expect(list.written()).toBeLessThan(150_000);
  });
});

describe('listReplicas', () => {
  it('leaves out what was not asked for', async () => {
    rucio.server.on('POST /replicas/list', ndjson([]));
    const dids = [{ scope: 'mock', name: 'x' }];
    const query = { dids, schemes: [], allStates: false };
    await collect(rucio.client.replicas.list(query, options()));
    await collect(
      rucio.client.replicas.list(
        { ...query, schemes: ['root'], rseExpression: 'tier=1', sort: 'geoip', allStates: true },
        options(),
      ),
    );
    const bodies = rucio.server
      .seen('POST /replicas/list')
      .map(({ body }): unknown => JSON.parse(body));
    expect(bodies).toEqual([
      { dids, ignore_availability: true, all_states: false },
      {
        dids,
        ignore_availability: true,
        all_states: true,
        schemes: ['root'],
        rse_expression: 'tier=1',
        sort: 'geoip',
      },
    ]);
  });
});
