import type { AuditRecord } from '../../../../server/tools/define';
import { json, ndjson, reset, rucioError } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool, toolFailure } from '../../../support/run-tool';

const ID = 'a'.repeat(32);
const RULE = {
  id: ID,
  scope: 'mock',
  name: 'ds',
  account: 'robot',
  state: 'OK',
  rse_expression: 'DISK1',
  copies: 1,
  expires_at: null,
};
const ARGS = { dids: 'mock:ds', rse_expression: 'DISK1', lifetime: 3600 };

let rucio: RucioOnFaultServer;
let audit: AuditRecord[];

beforeEach(async () => {
  audit = [];
  rucio = await rucioOnFaultServer();
  rucio.server.on('GET /dids/mock/ds/rules', ndjson([]));
  rucio.server.on(
    'GET /dids/mock/ds/status',
    json({ scope: 'mock', name: 'ds', type: 'DATASET', bytes: 10, length: 1 }),
  );
  rucio.server.on('GET /rses/', ndjson([{ rse: 'DISK1', rse_type: 'DISK' }]));
});
afterEach(() => rucio.close());

const add = () =>
  runTool('rucio_add_rule', ARGS, rucio, {
    readOnly: false,
    audit: (record) => audit.push(record),
  });

describe('a change whose answer is lost', () => {
  it('is sent once, told as such, and a repeated call finds what it has made', async () => {
    rucio.server.on('POST /rules/', reset());
    const error = await toolFailure(add());
    expect(error).toMatchObject({ code: 'RUCIO_DOWN' });
    expect(error.next).toContain('may have been made');
    expect(rucio.server.seen('POST /rules/')).toHaveLength(1);
    expect(audit).toMatchObject([{ outcome: 'RUCIO_DOWN', dids: ['mock:ds'] }]);

    rucio.server.on('GET /dids/mock/ds/rules', ndjson([RULE]));
    await expect(add()).resolves.toMatchObject({
      changed: false,
      rows: [['mock:ds', ID, 'OK', null, false]],
    });
    expect(rucio.server.seen('POST /rules/')).toHaveLength(1);
  });

  it('that Rucio refuses as a duplicate it can not show is told as a duplicate', async () => {
    rucio.server.on('POST /rules/', rucioError(409, 'DuplicateRule', 'INSERT INTO rules …'));
    const error = await toolFailure(add());
    expect(error.code).toBe('DUPLICATE');
    expect(error.publicMessage).not.toContain('INSERT');
    expect(rucio.server.seen('POST /rules/')).toHaveLength(1);
  });

  it('is done when only reading it back fails', async () => {
    rucio.server.on('GET /rules/' + ID, json(RULE));
    rucio.server.on('DELETE /rules/' + ID, ({ response, request }) => {
      expect(request.body).toBe('{"purge_replicas":false}');
      rucio.server.on('GET /rules/' + ID, reset());
      response.end();
    });
    const remove = (args: object) =>
      runTool('rucio_delete_rule', { rule_id: ID, ...args }, rucio, { readOnly: false });
    const { confirm } = await remove({});
    await expect(remove({ confirm })).resolves.toMatchObject({ changed: true, rule_id: ID });
  });
});
