import { ndjson } from '../../../support/fault-server';
import {
  type RucioOnFaultServer,
  rucioOnFaultServer,
} from '../../../support/rucio-on-fault-server';
import { runTool } from '../../../support/run-tool';

let rucio: RucioOnFaultServer;
beforeEach(async () => {
  rucio = await rucioOnFaultServer();
});
afterEach(() => rucio.close());

describe('rucio_list_files', () => {
  it('speaks of the sum only where there is one', async () => {
    const file = (name: string) => ({ scope: 'mock', name, bytes: 5 });
    rucio.server.on('GET /dids/mock/box/files', ndjson(['a', 'a', 'b'].map(file)));
    const list = () => runTool('rucio_list_files', { did: 'mock:box' }, rucio);
    const whole = await list();
    expect(whole).toMatchObject({ total_bytes: 10 });
    expect(whole['note']).toContain('total_bytes has each file once');
    // More than are read for a sum.
    const many = Array.from({ length: 10_010 }, (_, index) => file(`f${index}`));
    rucio.server.on('GET /dids/mock/box/files', ndjson([file('f0'), ...many]));
    const part = await list();
    expect(part).not.toHaveProperty('total_bytes');
    expect(part['note']).toContain('files of several datasets are repeated');
    expect(part['note']).not.toContain('total_bytes');
  });
});
