import { ndjson } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool } from '../../../support/run-tool';
import { rule } from '../composite/small-rucio';

let rucio: RucioOnFaultServer;
beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

describe('rucio_list_account_rules', () => {
  it.each([false, true])(
    'says that rules by attributes are not found by a name (summary: %s)',
    async (summary) => {
      rucio.server.on('GET /rules/', ndjson([rule({ rse_expression: 'ONE_DISK' })]));
      const list = (more: object) =>
        runTool('rucio_list_account_rules', { account: 'jdoe', summary, ...more }, rucio);
      const found = await list({ rse_expression: 'ONE_DISK' });
      expect(found['note']).toContain('rules by attributes may keep data there too');
      expect((await list({}))['note'] ?? '').not.toContain('rules by attributes');
    },
  );
});
