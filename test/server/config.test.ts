import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { planFrom } from '../../lib/contract/plan';
import { loadConfig } from '../../server/config';

let root: string;

beforeEach(async () => (root = await mkdtemp(path.join(tmpdir(), 'rucio-mcp-config-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

const { server: document } = planFrom(
  {
    auth: {
      mode: 'sharedSecret',
      sites: ['escape'],
      sharedSecret: {
        authType: 'userpass',
        rucioAccount: 'robot',
        existingSecret: 'bearer',
        userpass: { existingSecret: 'robot' },
      },
    },
    ingress: { enabled: false },
    serviceMonitor: { enabled: false },
  },
  { name: 'rucio-mcp', namespace: 'mcp' },
);

async function write(content: string): Promise<NodeJS.ProcessEnv> {
  await mkdir(path.join(root, 'etc'));
  await writeFile(path.join(root, 'etc/server.json'), content);
  return { RUCIO_MCP_CONFIG: '/etc/server.json', RUCIO_MCP_FILES_ROOT: root };
}

describe('the server document', () => {
  it('is read below the files root, and so are the files that it names', async () => {
    const loaded = await loadConfig(await write(JSON.stringify(document)));
    expect(loaded.auth).toMatchObject({
      bearerFile: `${root}/etc/rucio-mcp/secrets/bearer/shared-secret`,
      credentials: {
        type: 'userpass',
        usernameFile: `${root}/etc/rucio-mcp/secrets/rucio/username`,
        passwordFile: `${root}/etc/rucio-mcp/secrets/rucio/password`,
      },
    });
  });

  it('is refused with every problem at once', async () => {
    const wrong = {
      ...document,
      listen: { ...document.listen, port: 0, metricPort: 1 },
      readOnly: 'yes',
      sites: [...document.sites, ...document.sites],
    };
    const loading = loadConfig(await write(JSON.stringify(wrong)));
    await expect(loading).rejects.toThrow(/listen\.port: is too small/);
    await expect(loading).rejects.toThrow(/listen\.metricPort: .*did you mean "metricsPort"/);
    await expect(loading).rejects.toThrow(/readOnly: is a string, not a boolean/);
    await expect(loading).rejects.toThrow(/sites\[1\]\.name: a site of this name/);
    await expect(loading).rejects.toThrow(/sites: auth\.mode sharedSecret serves exactly one site/);
  });

  it.each([
    ['missing', undefined, /can not be read \(ENOENT\)/],
    ['not JSON', 'version: 1', /is not JSON/],
    ['not a map', '[]', /the document\): is a list, not a map/],
  ])('that is %s is refused', async (_name, content, message) => {
    const env =
      content === undefined
        ? { RUCIO_MCP_CONFIG: '/nowhere.json', RUCIO_MCP_FILES_ROOT: root }
        : await write(content);
    await expect(loadConfig(env)).rejects.toThrow(message);
  });
});
