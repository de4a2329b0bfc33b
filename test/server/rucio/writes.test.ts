import { type Behaviour, html, inTurn, json, reset, rucioError } from '../../support/fault-server';
import {
  type RucioOnFaultServer,
  options,
  rucioOnFaultServer,
} from '../../support/rucio-on-fault-server';

const ID = 'a'.repeat(32);
const NEW_ID = 'b'.repeat(32);
const MAY_BE_MADE = 'the change may have been made: look whether it was before you repeat it';

let rucio: RucioOnFaultServer;
beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

const rule = { dids: [{ scope: 'mock', name: 'x' }], copies: 1, rseExpression: 'A' };

/** Every change: its route, what it sends, a good answer, and how it is made. */
const CHANGES: readonly [string, string, unknown, unknown, () => Promise<unknown>][] = [
  [
    'add',
    'POST /rules/',
    {
      dids: rule.dids,
      copies: 1,
      rse_expression: 'A',
      account: null,
      locked: false,
      split_container: false,
      notify: 'N',
    },
    [NEW_ID],
    () => rucio.client.rules.add(rule, options()),
  ],
  [
    'update',
    `PUT /rules/${ID}`,
    { options: { lifetime: null, locked: true } },
    null,
    () => rucio.client.rules.update(ID, { lifetime: null, locked: true }, options()),
  ],
  [
    'approve',
    `PUT /rules/${ID}`,
    { options: { approve: true } },
    null,
    () => rucio.client.rules.approve(ID, options()),
  ],
  [
    'deny',
    `PUT /rules/${ID}`,
    { options: { approve: false, comment: 'no' } },
    null,
    () => rucio.client.rules.deny(ID, 'no', options()),
  ],
  [
    'delete',
    `DELETE /rules/${ID}`,
    { purge_replicas: null },
    null,
    () => rucio.client.rules.delete(ID, undefined, options()),
  ],
  [
    'reduce',
    `POST /rules/${ID}/reduce`,
    { copies: 1, exclude_expression: 'B' },
    JSON.stringify(NEW_ID),
    () => rucio.client.rules.reduce(ID, 1, 'B', options()),
  ],
  [
    'move',
    `POST /rules/${ID}/move`,
    { rule_id: ID, rse_expression: 'B', override: {} },
    JSON.stringify(NEW_ID),
    () => rucio.client.rules.move(ID, 'B', options()),
  ],
];

describe.each(CHANGES)('%s', (_title, route, body, answer, make) => {
  const times = async (behaviour: Behaviour) => {
    rucio.server.on(route, behaviour);
    const error: unknown = await make().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { error, sent: rucio.server.seen(route).length };
  };

  it('sends what Rucio wants to have', async () => {
    rucio.server.on(route, json(answer));
    await make();
    const [seen] = rucio.server.seen(route);
    expect(JSON.parse(seen?.body ?? '')).toMatchObject(body as object);
  });

  it('is sent once when the connection breaks, and told to have been made perhaps', async () => {
    const { error, sent } = await times(reset());
    expect(sent).toBe(1);
    expect(error).toMatchObject({ code: 'RUCIO_DOWN', next: MAY_BE_MADE });
  });

  it('is sent once when a proxy answers for Rucio', async () => {
    const { error, sent } = await times(html(502));
    expect(sent).toBe(1);
    expect(error).toMatchObject({ code: 'RUCIO_DOWN', next: MAY_BE_MADE });
  });

  it('is sent once when Rucio refuses it with a 401 that is not about the session', async () => {
    const { error, sent } = await times(rucioError(401, 'AccessDenied', 'no'));
    expect(sent).toBe(1);
    expect(error).toMatchObject({ code: 'DENIED' });
  });

  it('is sent again after a new login: Rucio has done nothing without a session', async () => {
    const expired = rucioError(401, 'CannotAuthenticate', 'expired');
    const { error, sent } = await times(inTurn(expired, json(answer)));
    expect(error).toBeUndefined();
    expect(sent).toBe(2);
  });
});

it('a change that never left says nothing about having been made', async () => {
  const { client, server } = rucio;
  server.on('GET /ping', json({ version: '1' }));
  await client.meta.ping(options());
  rucio.server.on('GET /auth/userpass', reset());
  await expect(client.rules.approve(ID, options())).rejects.toMatchObject({
    code: 'RUCIO_DOWN',
    next: expect.not.stringContaining('may have been made') as unknown,
  });
  expect(server.seen(`PUT /rules/${ID}`)).toEqual([]);
});

it('a new rule without an id in the answer is told to have been made perhaps', async () => {
  rucio.server.on('POST /rules/', json({}));
  await expect(rucio.client.rules.add(rule, options())).rejects.toMatchObject({
    code: 'RUCIO_DOWN',
    next: MAY_BE_MADE,
  });
});

it('a path for another collection never leaves', async () => {
  const attack = rucio.client.rules.delete('../accounts/root', true, options());
  await expect(attack).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  const list = rucio.client.rses.get('', options());
  await expect(list).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
});
