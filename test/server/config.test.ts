import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { planFrom } from '../../lib/contract/plan';
import { rucioVariables, serveArguments } from '../../lib/contract/serve-arguments';
import { loadConfig } from '../../server/config';

let root: string;

beforeEach(async () => (root = await mkdtemp(path.join(tmpdir(), 'rucio-mcp-config-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

const VALUES = {
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
};

const { server: document } = planFrom(VALUES, {
  name: 'rucio-mcp',
  namespace: 'mcp',
});

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

describe('the command line', () => {
  const SERVE = ['node', 'serve'];
  const load = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    loadConfig({ ...(await write(JSON.stringify(document))), ...env }, args);

  it('wins over the document', async () => {
    const flags = ['--transport', 'http', '--host', '127.0.0.1', '--port', '8080'];
    const more = ['--metrics-port', '8081', '--log-level', 'debug', '--site', 'escape'];
    const rest = [
      '--forwarded-allow-ips',
      '10.0.0.0/8,::1',
      '--resource-url',
      'https://a.example/',
    ];
    const loaded = await load([...SERVE, ...flags, ...more, ...rest], { RUCIO_ACCOUNT: 'other' });
    expect(loaded).toMatchObject({
      listen: { host: '127.0.0.1', port: 8080, metricsHost: '127.0.0.1', metricsPort: 8081 },
      logLevel: 'debug',
      trustedProxies: ['10.0.0.0/8', '::1'],
      publicUrl: 'https://a.example',
      auth: { account: 'other' },
    });
  });

  it('is what the manifests give it, and then changes nothing', async () => {
    const plan = planFrom(VALUES, { name: 'rucio-mcp', namespace: 'mcp' });
    const variables = rucioVariables(plan).map(({ name, value }) => [name, value]);
    const env = Object.fromEntries(variables) as NodeJS.ProcessEnv;
    const args = ['node', ...serveArguments(plan)];
    expect(await load(args, env)).toEqual(await loadConfig(await again(), []));
  });

  it('does not count without "serve": a shell may have variables of Rucio', async () => {
    expect((await load(['node'], { RUCIO_ACCOUNT: 'other' })).auth).toMatchObject({
      account: 'robot',
    });
  });

  it.each([
    [['--prot', '1'], {}, /Unknown option '--prot'/],
    [['--transport', 'stdio'], {}, /--transport.*is not "http"/],
    [['--site', 'atlas'], {}, /--site.*"atlas" is not in the document/],
    [['--auth-type', 'x509'], {}, /--auth-type.*is not that of the document, userpass/],
    [[], { RUCIO_AUTH_TYPE: 'gss' }, /RUCIO_AUTH_TYPE: is not that of the document/],
    [['--port', '9001'], {}, /listen\.metricsPort: is the same port/],
    [['--port', 'http'], {}, /listen\.port/],
  ])('is refused when it is wrong: %j %j', async (args, env, message) => {
    await expect(load([...SERVE, ...args], env)).rejects.toThrow(message);
  });

  async function again(): Promise<NodeJS.ProcessEnv> {
    await rm(path.join(root, 'etc'), { recursive: true });
    return write(JSON.stringify(document));
  }
});
