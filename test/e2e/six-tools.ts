import { READ_TOOLS } from '../support/read-tools';
import { type DemoPod, readyDemoPod } from './demo-pod';
import { CLIENTS, type McpClient } from './mcp-clients';

/** Where the seeded data is: a Rucio server that runs for the tests. */
export interface SeededRucio {
  readonly url: string;
  /** As its `/ping` tells it. */
  readonly version: string;
  stop(): Promise<void>;
}

const DATASET = 'group.phys-higgs:group.phys-higgs.ttH_combination.workspaces.v2';
const PRODUCED =
  'mc20_13TeV:mc20_13TeV.700320.Sh_2211_Zee_maxHTpTV2_BFilter.deriv.DAOD_PHYS.e8351_s3681_r13144_p5855';
const FILE = 'group.phys-higgs:group.phys-higgs.ttH_combination.ws_1.root';

/** Defines the tests of the whole path, from values to a tool's answer, for one kind of Rucio. */
export function testsOfTheWholePath(startRucio: () => Promise<SeededRucio>): void {
  let rucio: SeededRucio;
  let demo: DemoPod;
  beforeAll(async () => {
    rucio = await startRucio();
    demo = await readyDemoPod({ rucioUrl: rucio.url });
  }, 120_000);
  afterAll(async () => {
    await demo.pod.stop();
    await rucio.stop();
  }, 60_000);

  describe.each(CLIENTS)('called by %s', (_title, revision, connect) => {
    let client: McpClient;
    beforeAll(async () => {
      client = await connect(`${demo.endpoint}/`, demo.bearer);
    });
    afterAll(() => client.close());

    const answer = async (tool: string, args?: Record<string, unknown>) => {
      const { isError, structured, text } = await client.callTool(tool, args);
      expect({ isError, text }).toEqual({ isError: false, text: JSON.stringify(structured) });
      return structured as Record<string, unknown>;
    };

    test('lists every tool, with and without the trailing slash', async () => {
      const other = await connect(demo.endpoint, demo.bearer);
      expect(await client.listTools()).toEqual(READ_TOOLS);
      expect(await other.listTools()).toEqual(READ_TOOLS);
      await other.close();
    });

    test(`speaks ${revision}`, () => {
      expect(client.protocolVersion).toBe(revision);
      expect(client.instructions).toContain('Demo');
    });

    test('rucio_ping', async () => {
      expect(await answer('rucio_ping')).toEqual({ site: 'demo', server_version: rucio.version });
    });

    test('rucio_whoami', async () => {
      expect(await answer('rucio_whoami')).toMatchObject({
        account: 'robot',
        type: 'SERVICE',
        status: 'ACTIVE',
        site: 'demo',
        server_version: rucio.version,
      });
    });

    test('rucio_list_dids', async () => {
      const table = await answer('rucio_list_dids', { did_pattern: 'group.phys-higgs:*ttH*' });
      expect(table).toMatchObject({ scope: 'group.phys-higgs', total: 1, next_offset: null });
      expect(table['rows']).toEqual([[DATASET.split(':')[1], 'DATASET', 3, expect.any(Number)]]);
    });

    test('rucio_get_did', async () => {
      expect(await answer('rucio_get_did', { did: DATASET })).toMatchObject({
        did: DATASET,
        type: 'DATASET',
        account: 'physics-higgs',
        files: 3,
        open: false,
      });
    });

    test('rucio_list_replicas', async () => {
      const table = await answer('rucio_list_replicas', { dids: FILE });
      const columns = table['columns'] as string[];
      const rses = (table['rows'] as unknown[][]).map((row) => row[columns.indexOf('rse')]);
      expect(new Set(rses)).toEqual(new Set(['CERN-PROD_DATADISK', 'BNL-OSG2_DATADISK']));
      expect(table).toMatchObject({ total: 1, next_offset: null });
    });

    test('rucio_list_did_rules', async () => {
      const table = await answer('rucio_list_did_rules', { did: PRODUCED });
      const columns = table['columns'] as string[];
      const [row = []] = table['rows'] as unknown[][];
      const rule = Object.fromEntries(columns.map((column, index) => [column, row[index]]));
      expect(table).toMatchObject({ did: PRODUCED, total: 1, next_offset: null });
      expect(rule).toMatchObject({
        id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        account: 'prodsys',
        rse_expression: 'CERN-PROD_DATADISK|BNL-OSG2_DATADISK',
        copies: 2,
      });
    });

    test('an unknown DID is told apart from an empty answer', async () => {
      const { isError, text } = await client.callTool('rucio_list_did_rules', {
        did: 'group.phys-higgs:nothing',
      });
      expect(isError).toBe(true);
      expect(text).toMatch(/^\[DID_NOT_FOUND\]/);
    });
  });
}
