import { type Behaviour, json, ndjson, rucioError } from '../../../support/fault-server';
import {
  type FixtureOptions,
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';

/** What a replica list has of one file: its states by RSE. */
export interface SmallFile {
  readonly name: string;
  readonly bytes?: number;
  readonly states: Readonly<Record<string, string>>;
}

const RSES = [
  { rse: 'ONE_DISK', rse_type: 'DISK' },
  { rse: 'TWO_DISK', rse_type: 'DISK', availability_write: false },
  { rse: 'DOWN_DISK', rse_type: 'DISK', availability_read: false },
  { rse: 'OLD_TAPE', rse_type: 'TAPE' },
];

/** A Rucio with four RSEs, one unknown DID for every question, and nothing else yet. */
export async function smallRucio(options: FixtureOptions = {}): Promise<RucioOnFaultServer> {
  const rucio = await rucioOnFaultServer(options);
  rucio.server.on(
    'GET /rses/',
    expressions({ 'rse_type=DISK': ['ONE_DISK', 'TWO_DISK', 'DOWN_DISK'] }),
  );
  for (const { rse } of RSES) {
    rucio.server.on(`GET /rses/${rse}/attr/`, json({ [rse]: true, site: `${rse}-SITE` }));
    rucio.server.on(
      `GET /rses/${rse}/usage`,
      ndjson([{ rse, source: 'storage', used: 10, free: 1_000_000, total: 1_000_010 }]),
    );
  }
  return rucio;
}

/** All RSEs, or the names of an expression: RSE names stand for themselves. */
function expressions(known: Readonly<Record<string, readonly string[]>>): Behaviour {
  return (exchange) => {
    const expression = exchange.request.query.get('expression');
    if (expression === null) {
      return ndjson(
        RSES.map((row) => ({
          deterministic: true,
          availability_read: true,
          availability_write: true,
          availability_delete: true,
          ...row,
        })),
      )(exchange);
    }
    const names =
      known[expression] ?? RSES.map(({ rse }) => rse).filter((rse) => rse === expression);
    if (names.length > 0) return ndjson(names.map((rse) => ({ rse })))(exchange);
    return rucioError(400, 'InvalidRSEExpression', 'resulted in an empty set.')(exchange);
  };
}

/** Puts the dataset `mock:ds` there, with its files and replicas. */
export function addDataset(
  { server }: RucioOnFaultServer,
  files: readonly SmallFile[],
  more: object = {},
): void {
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 100), 0);
  server.on(
    'GET /dids/mock/ds/status',
    json({
      scope: 'mock',
      name: 'ds',
      type: 'DATASET',
      account: 'jdoe',
      open: false,
      length: files.length,
      bytes,
      ...more,
    }),
  );
  server.on(
    'GET /dids/mock/ds/files',
    ndjson(files.map(({ name, bytes: size = 100 }) => ({ scope: 'mock', name, bytes: size }))),
  );
  server.on(
    'POST /replicas/list',
    // As Rucio does: files without any replica are not listed.
    ndjson(
      files
        .filter(({ states }) => Object.keys(states).length > 0)
        .map(({ name, bytes: size = 100, states }) => ({
          scope: 'mock',
          name,
          bytes: size,
          states,
          pfns: Object.fromEntries(
            Object.keys(states).map((rse) => [
              `root://${rse}.example.org//data/${name}`,
              { rse, type: 'DISK', domain: 'wan', priority: 1 },
            ]),
          ),
        })),
    ),
  );
  server.on('GET /dids/mock/ds/rules', ndjson([]));
  server.on('GET /dids/mock/ds/parents', ndjson([]));
  server.on(
    'GET /dids/mock/ds/meta',
    json({ created_at: 'Sun, 22 Nov 2026 07:48:13 UTC', project: 'mock', account: 'jdoe' }),
  );
}

export const RULE_ID = '0123456789abcdef0123456789abcdef';

/** A rule on `mock:ds` for ONE_DISK, not done. */
export function rule(more: object = {}): object {
  return {
    id: RULE_ID,
    scope: 'mock',
    name: 'ds',
    account: 'jdoe',
    state: 'REPLICATING',
    rse_expression: 'ONE_DISK',
    copies: 1,
    locks_ok_cnt: 1,
    locks_replicating_cnt: 2,
    locks_stuck_cnt: 0,
    created_at: 'Sun, 22 Nov 2026 07:48:13 UTC',
    expires_at: null,
    error: null,
    ...more,
  };
}

export function addUsage(
  { server }: RucioOnFaultServer,
  rows: readonly object[],
  limits: object = {},
  account = 'jdoe',
): void {
  // Whether there is an account that uses nothing, only the account itself tells.
  server.on(`GET /accounts/${account}`, json({ account, account_type: 'USER' }));
  server.on(`GET /accounts/${account}/usage/local`, ndjson(rows));
  // Rucio writes a bare Infinity.
  server.on(`GET /accounts/${account}/limits/local`, ({ response }) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(limits).replaceAll('"Infinity"', 'Infinity'));
  });
  server.on(`GET /accounts/${account}/usage/global`, ndjson([]));
}
