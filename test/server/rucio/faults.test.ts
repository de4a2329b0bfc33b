import { AppError } from '../../../server/errors';
import { RucioError } from '../../../server/rucio/errors';
import {
  type Behaviour,
  cutAfter,
  drip,
  hang,
  hangAfter,
  html,
  hugeLine,
  inTurn,
  json,
  ndjson,
  reset,
  rucioError,
} from '../../support/fault-server';
import {
  type FixtureOptions,
  type RucioOnFaultServer,
  collect,
  options,
  rucioOnFaultServer,
} from '../../support/rucio-on-fault-server';

const DATASET = { scope: 'mock', name: 'ds' };
const STATUS = 'GET /dids/mock/ds/status';
const RULES = 'GET /dids/mock/ds/rules';
const REPLICAS = 'POST /replicas/list';
const rule = (id: string) => ({ id, ...DATASET, state: 'OK', rse_expression: 'X' });

let rucio: RucioOnFaultServer;

async function start(settings: FixtureOptions = {}): Promise<RucioOnFaultServer> {
  return (rucio = await rucioOnFaultServer(settings));
}

afterEach(() => rucio.close());

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw error;
  return error;
}

async function rulesFailure(behaviour: Behaviour): Promise<AppError> {
  rucio.server.on(RULES, behaviour);
  return failure(collect(rucio.client.dids.rules(DATASET, options())));
}

describe('a Rucio that does not answer', () => {
  it('is RUCIO_DOWN when it hangs before the head', async () => {
    await start({ rucioSeconds: 0.2 });
    const error = await rulesFailure(hang());
    expect(error.publicMessage).toBe(
      '[RUCIO_DOWN] Rucio (site test) did not answer within 0.2 s (list_did_rules).\n' +
        'Next: try again in a minute; rucio_ping tells whether Rucio is up',
    );
  });

  it('is RUCIO_DOWN when it hangs in the middle of its answer', async () => {
    await start({ rucioSeconds: 0.2 });
    const error = await rulesFailure(hangAfter([rule('1'), rule('2')]));
    expect(error.code).toBe('RUCIO_DOWN');
    expect(error.what).toMatch(/sent nothing for 0\.2 s in the middle/);
  });

  it('is RUCIO_DOWN when no connection becomes free in time', async () => {
    await start({ rucioSeconds: 0.4, rucioConnections: 1 });
    rucio.server.on('GET /ping', hang());
    const calls = [1, 2, 3].map(() => failure(rucio.client.meta.ping(options())));
    const codes = (await Promise.all(calls)).map(({ code }) => code);
    expect(codes).toEqual(['RUCIO_DOWN', 'RUCIO_DOWN', 'RUCIO_DOWN']);
  });

  it('does not hold up other calls', async () => {
    await start();
    rucio.server.on(RULES, hang());
    rucio.server.on('GET /ping', json({ version: '41.5.1' }));
    const caller = new AbortController();
    const hanging = Array.from({ length: 5 }, () =>
      collect(rucio.client.dids.rules(DATASET, { signal: caller.signal })).catch(() => 'ended'),
    );
    await expect(rucio.client.meta.ping(options())).resolves.toEqual({ version: '41.5.1' });
    caller.abort();
    await expect(Promise.all(hanging)).resolves.toEqual(Array(5).fill('ended'));
  });

  it('is RUCIO_DOWN when nothing listens', async () => {
    await start();
    await rucio.server.close();
    const error = await failure(rucio.client.meta.ping(options()));
    expect(error.what).toBe('Rucio (site test) refused the connection (ping).');
  });
});

describe('a Rucio behind TLS', () => {
  it('is trusted by the certification authorities of its site', async () => {
    await start({ tls: 'trusted' });
    rucio.server.on('GET /ping', json({ version: '1' }));
    rucio.server.on(STATUS, json({ ...DATASET, type: 'DATASET' }));
    await expect(rucio.client.meta.ping(options())).resolves.toEqual({ version: '1' });
    await expect(rucio.client.dids.get(DATASET, options())).resolves.toMatchObject(DATASET);
  });

  it('is RUCIO_DOWN when its certificate is not trusted, and gets no request', async () => {
    await start({ tls: 'untrusted' });
    const error = await failure(rucio.client.dids.get(DATASET, options()));
    expect(error.what).toBe('Rucio (site test) has a certificate that is not trusted (login).');
    expect(rucio.server.requests).toHaveLength(0);
  });
});

describe('an answer that is not whole', () => {
  it('never becomes a short list when the connection is cut', async () => {
    await start();
    const error = await rulesFailure(cutAfter([rule('1'), rule('2'), rule('3')]));
    expect(error.code).toBe('RUCIO_DOWN');
    expect(error.what).toMatch(/cut off the connection before its answer was complete/);
  });

  it('never becomes a short list when the last line is cut', async () => {
    await start();
    const error = await rulesFailure(drip(`${JSON.stringify(rule('1'))}\n{"id": "2", "sco`, 1000));
    expect(error.what).toMatch(/cut off in its last line/);
  });

  it('is an error when a line never ends', async () => {
    await start();
    const error = await rulesFailure(hugeLine());
    expect(error.what).toMatch(/a line of more than 4194304 characters/);
    await rucio.server.seen(RULES)[0]?.closed;
  });

  it('is an error when it is a page with status 200', async () => {
    await start();
    const error = await rulesFailure(html(200));
    expect(error.code).toBe('RUCIO_DOWN');
    expect(error.publicMessage).not.toMatch(/internal-host|html/);
    rucio.server.on(STATUS, html(200));
    const document = await failure(rucio.client.dids.get(DATASET, options()));
    expect(document.what).toMatch(/not the JSON that it should be/);
  });

  it('is an error when it lacks the fields that it should have', async () => {
    await start();
    const error = await rulesFailure(ndjson([{ surprise: 1 }]));
    expect(error.what).toMatch(/without the fields/);
  });

  it('is read whole when it comes in single bytes', async () => {
    await start();
    const rows = ['ä', '日本', '😀'].map((name) => ({ ...rule(name), name }));
    rucio.server.on(RULES, drip(rows.map((row) => JSON.stringify(row)).join('\n'), 1));
    const read = await collect(rucio.client.dids.rules(DATASET, options()));
    expect(read.map(({ name }) => name)).toEqual(['ä', '日本', '😀']);
  });
});

describe('an error page', () => {
  it.each([502, 503, 404, 403])('with status %i is RUCIO_DOWN and not shown', async (status) => {
    await start();
    const error = await rulesFailure(html(status));
    expect(error.code).toBe('RUCIO_DOWN');
    expect(error.what).toBe(
      `Rucio (site test) answered with HTTP status ${status} and no explanation (list_did_rules).`,
    );
  });

  it.each([404, 405])('with %i for what older versions lack says so', async (status) => {
    await start();
    rucio.server.on('GET /requests/transfer_limits', html(status));
    const error = await failure(collect(rucio.client.requests.transferLimits(options())));
    expect(error.code).toBe('RUCIO_REFUSED');
    expect(error.why).toContain('since version 37.4');
    expect(error.next).toMatch(/^do not repeat the call/);
  });

  it('hands on when to try again', async () => {
    await start();
    const error = await rulesFailure(html(503, { 'retry-after': '17' }));
    expect(error.next).toMatch(/^try again in 17 s/);
  });

  it('is not followed when it redirects', async () => {
    await start();
    const error = await rulesFailure(html(308, { location: 'http://127.0.0.1:1/elsewhere' }));
    expect(error.what).toMatch(/redirected the request \(HTTP status 308\)/);
  });
});

describe('an error of Rucio', () => {
  it('is told by its class, whatever the status', async () => {
    await start();
    const error = await rulesFailure(rucioError(500, 'AccessDenied', 'not you'));
    expect(error).toBeInstanceOf(RucioError);
    expect(error.code).toBe('DENIED');
    expect(error).toMatchObject({ status: 500, exceptionMessage: 'not you' });
    expect(rucio.server.seen(RULES)).toHaveLength(1);
  });

  it('is read from the headers when the body is empty', async () => {
    await start();
    const error = await rulesFailure(
      rucioError(404, 'DataIdentifierNotFound', 'mock:ds', 'headers'),
    );
    expect(error.code).toBe('DID_NOT_FOUND');
  });

  it('is read from the headers when the body is too large', async () => {
    await start();
    const error = await rulesFailure(rucioError(400, 'InvalidObject', 'x'.repeat(400_000)));
    expect(error.code).toBe('BAD_ARGUMENT');
    expect(error.publicMessage.length).toBeLessThan(400);
  });
});

describe('a broken connection', () => {
  it('repeats a GET once', async () => {
    await start();
    rucio.server.on('GET /ping', inTurn(reset(), json({ version: '1' })));
    await expect(rucio.client.meta.ping(options())).resolves.toEqual({ version: '1' });
    expect(rucio.server.seen('GET /ping')).toHaveLength(2);
  });

  it('gives up after the second time', async () => {
    await start();
    const error = await rulesFailure(reset());
    expect(error.code).toBe('RUCIO_DOWN');
    expect(rucio.server.seen(RULES)).toHaveLength(2);
  });

  it('repeats the POST that only reads', async () => {
    await start();
    rucio.server.on(REPLICAS, inTurn(reset(), ndjson([])));
    const query = { dids: [DATASET], schemes: [], allStates: false };
    await expect(collect(rucio.client.replicas.list(query, options()))).resolves.toEqual([]);
    expect(rucio.server.seen(REPLICAS)).toHaveLength(2);
  });

  it('does not repeat an answer that has begun', async () => {
    await start();
    await rulesFailure(cutAfter([rule('1')]));
    expect(rucio.server.seen(RULES)).toHaveLength(1);
  });

  it('uses one connection again and again', async () => {
    await start({ rucioConnections: 1 });
    const ports = new Set<number | undefined>();
    const answer: Behaviour = (exchange) => {
      ports.add(exchange.socket.remotePort);
      return json({ account: 'robot' })(exchange);
    };
    rucio.server.on('GET /accounts/whoami', (exchange) => {
      ports.add(exchange.socket.remotePort);
      return html(303, { location: 'robot' })(exchange);
    });
    rucio.server.on('GET /accounts/robot', answer);
    rucio.server.on(RULES, rucioError(404, 'DataIdentifierNotFound', ''));
    for (let call = 0; call < 5; call += 1) {
      await rucio.client.accounts.whoami(options());
      await failure(collect(rucio.client.dids.rules(DATASET, options())));
    }
    expect(ports.size).toBe(1);
  });

  it('takes a connection that the server closed while idle', async () => {
    await start({ rucioConnections: 1 });
    rucio.server.on('GET /ping', (exchange) => {
      void json({ version: '1' })(exchange);
      exchange.response.on('finish', () => exchange.socket.end());
    });
    for (let call = 0; call < 5; call += 1) {
      await expect(rucio.client.meta.ping(options())).resolves.toEqual({ version: '1' });
    }
  });
});

describe('a caller that goes away', () => {
  it('closes the connection of a hanging request and gets its own reason', async () => {
    await start();
    rucio.server.on('GET /ping', hang());
    const caller = new AbortController();
    const call = rucio.client.meta.ping({ signal: caller.signal });
    await untilSeen('GET /ping');
    const reason = new Error('the client went away');
    caller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await rucio.server.seen('GET /ping')[0]?.closed;
  });

  it('closes the connection of a stream', async () => {
    await start();
    rucio.server.on(RULES, hangAfter([rule('1')]));
    const caller = new AbortController();
    const rows = rucio.client.dids.rules(DATASET, { signal: caller.signal });
    await expect(rows.next()).resolves.toMatchObject({ value: { id: '1' } });
    const reason = new Error('the client went away');
    caller.abort(reason);
    await expect(rows.next()).rejects.toBe(reason);
    await rucio.server.seen(RULES)[0]?.closed;
  });

  it('closes the connection when it has enough', async () => {
    await start();
    rucio.server.on(RULES, hangAfter([rule('1'), rule('2')]));
    for await (const { id } of rucio.client.dids.rules(DATASET, options())) {
      expect(id).toBe('1');
      break;
    }
    await rucio.server.seen(RULES)[0]?.closed;
  });

  it('is told RUCIO_DOWN when its time is over', async () => {
    await start();
    rucio.server.on('GET /ping', hang());
    const error = await failure(rucio.client.meta.ping({ signal: AbortSignal.timeout(100) }));
    expect(error.what).toMatch(/did not finish within the time of this call/);
  });

  it('sends nothing when it was gone before', async () => {
    await start();
    const reason = new Error('gone');
    await expect(rucio.client.meta.ping({ signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(rucio.server.requests).toHaveLength(0);
  });
});

describe('onRequest', () => {
  it('is told every request once, with how it ended', async () => {
    const told: string[] = [];
    await start({
      rucioSeconds: 0.2,
      onRequest: (operation, outcome, seconds) => {
        expect(seconds).toBeGreaterThanOrEqual(0);
        told.push(`${operation} ${outcome}`);
      },
    });
    rucio.server.on(STATUS, rucioError(404, 'DataIdentifierNotFound', ''));
    rucio.server.on('GET /ping', hang());
    await failure(rucio.client.dids.get(DATASET, options()));
    await failure(rucio.client.meta.ping(options()));
    await rulesFailure(cutAfter([rule('1')]));
    rucio.server.on(RULES, ndjson([rule('1')]));
    await collect(rucio.client.dids.rules(DATASET, options()));
    for await (const _row of rucio.client.dids.rules(DATASET, options())) break;
    expect(told).toEqual([
      'login ok',
      'get_did refused',
      'ping down',
      'list_did_rules down',
      'list_did_rules ok',
      'list_did_rules ok',
    ]);
  });
});

async function untilSeen(route: string): Promise<void> {
  while (rucio.server.seen(route).length === 0) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}
