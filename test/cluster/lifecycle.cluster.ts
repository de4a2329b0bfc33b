import { readFileSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PATHS, PORTS, sitePath } from '../../lib/contract/endpoints';
import { APP_NAME } from '../../lib/contract/release';
import type { ValuesInput } from '../../lib/contract/values/values';
import { CLIENTS } from '../e2e/mcp-clients';
import { SYNTH } from '../e2e/demo-pod';
import { tokenRequest } from '../oidc/oidc-app';
import { runCommand } from '../support/real-rucio/run-command';
import { makeCertificates } from '../support/rucio-front/certificates';
import { cluster, reaches } from './cluster';
import {
  type SignIn,
  doctor,
  objectsOf,
  podsOf,
  signIn,
  until,
  untilMounted,
  withForward,
} from './deployment';
import {
  type Dependencies,
  REDIS_HOST,
  RUCIO_HOSTS,
  hostCertificate,
  startDependencies,
} from './dependencies/start-dependencies';
import { ROBOTS } from './dependencies/rucio-people';
import { type Example, type ExampleSecret, examplesWith } from './examples';
import { Load } from './load';
import { type Made, type OtherVersion, commandsOf, previousVersion, synth } from './manifests';
import { ServiceProxy } from './service-proxy';
import { type TestNamespace, createNamespace } from './test-namespace';

/** What a step lacks that is left out. */
const NEEDS = { rollout: 'controllers and nodes', pods: 'nodes that run pods' };
const EXAMPLES = join(__dirname, '../../examples');
const GUIDE = join(__dirname, '../../docs/day-two.md');
const FILES = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));

/** So short that a robot signs in again while the test looks; users stay in. In seconds. */
const ROBOT_SESSION = 40;
const USER_SESSION = 3600;
/** Calls that have to go well before a change, and again after it. */
const CALLS_AROUND = 40;
/** Of the Ingress of every example. */
const PUBLIC_HOST = 'rucio-mcp.example.com';
/** All examples serve it. */
const SITE = 'atlas';

let work: string;
let examples: readonly Example[];
let certificates: Awaited<ReturnType<typeof makeCertificates>>;
let previous: OtherVersion;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'rucio-mcp-cluster-test-'));
  certificates = await makeCertificates(work, [...RUCIO_HOSTS, REDIS_HOST, PUBLIC_HOST]);
  examples = await examplesWith(certificates);
  previous = await previousVersion();
  process.stderr.write(`Upgrades start from ${previous.what}.\n`);
});
afterAll(async () => {
  await previous.close();
  await rm(work, { recursive: true, force: true });
});

test('every example has its test', () => {
  expect(examples.map(({ file }) => file).sort()).toEqual([...FILES].sort());
});

describe.each(FILES)('examples/%s', (file) => {
  const context = cluster();
  let example: Example;
  let namespace: TestNamespace;
  let proxy: ServiceProxy;
  let dependencies: Dependencies | undefined;
  let before: Made;
  let now: Made;
  let user: SignIn | undefined;
  let isBroken = false;

  /** A step of a life: after one that fails, the others have nothing to say. */
  const step = (title: string, body: () => Promise<void>) =>
    test(title, async () => {
      if (isBroken) throw new Error('a step before this one has failed');
      isBroken = true;
      await body();
      isBroken = false;
    });
  const stepOn = (level: 'rollout' | 'pods', title: string, body: () => Promise<void>) => {
    if (reaches(level)) step(title, body);
    else test.skip(`${title} (needs ${NEEDS[level]})`, () => undefined);
  };

  beforeAll(async () => {
    example = examples.find((one) => one.file === file) ?? fail();
    namespace = await createNamespace(file.replace('.yaml', ''));
    proxy = await ServiceProxy.start();
    const { kubectl } = namespace;
    for (const { name, first } of example.secrets) await kubectl.putSecret(name, first);
    await kubectl.putSecret(`${APP_NAME}-tls`, await hostCertificate(certificates));
    if (!reaches('pods')) return;
    const redis = example.secrets.find(({ name }) => name === 'rucio-mcp-redis');
    dependencies = await startDependencies(kubectl, {
      certificates,
      sessionSeconds: example.mode === 'oidc' ? USER_SESSION : ROBOT_SESSION,
      redisPassword: redis?.first['password'],
    });
    proxy.follow(kubectl, APP_NAME, PORTS.http);
  });
  afterAll(async () => {
    await proxy.close();
    await namespace.close();
  });

  /** The values of the test, laid over the example's. */
  const overlay = (more: ValuesInput): ValuesInput => ({
    ...example.values,
    ...dependencies?.values,
    server: { resourceUrl: proxy.url },
    ...(context.hasServiceMonitors ? {} : { serviceMonitor: { enabled: false } }),
    ...more,
  });
  const make = (program: string, as: string, more: ValuesInput = {}) =>
    synth({
      program,
      valuesFiles: [join(EXAMPLES, file)],
      values: overlay(more),
      namespace: namespace.name,
      directory: join(work, namespace.name, as),
    });

  /** Applied as the notes say it; no word of the server is let through. */
  async function apply({ file: manifests }: Made, ...options: string[]): Promise<string[]> {
    const { stdout, stderr } = await namespace.kubectl.run([
      ...['apply', '--warnings-as-errors', '-f', manifests],
      ...options,
    ]);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  }

  /** A second apply changes nothing, and the server finds no difference. */
  async function expectSettled(made: Made): Promise<void> {
    const again = await apply(made);
    expect(again.filter(isChange)).toEqual([]);
    const { stdout } = await namespace.kubectl.run(['diff', '-f', made.file]);
    expect(stdout).toBe('');
  }

  const rolledOut = () =>
    namespace.kubectl.run(['rollout', 'status', `deploy/${APP_NAME}`, '--timeout=180s']);

  async function bearer(): Promise<string> {
    if (example.mode !== 'oidc') return example.secrets[0]?.first['shared-secret'] ?? fail();
    if (example.forgetsUsers === true) user = undefined;
    user ??= await signIn(proxy.url, SITE);
    return user.tokens.access_token;
  }

  /** Makes a change while clients call, and fails for every call that fails. */
  async function underLoad(change: () => Promise<void>, forgetsUsers = false): Promise<void> {
    const load = Load.start(`${proxy.url}${sitePath(SITE)}/`, await bearer());
    try {
      await load.more(CALLS_AROUND);
      await change();
      await load.more(CALLS_AROUND);
    } finally {
      await load.stop();
    }
    const failed = load.failures.filter((text) => !(forgetsUsers && SIGNED_OUT.test(text)));
    expect({ failed, history: failed.length === 0 ? [] : proxy.history }).toEqual(NOTHING_FAILED);
    process.stderr.write(`  ${file}: ${load.calls} calls, ${failed.length} failed\n`);
    if (forgetsUsers) expect(load.failures).not.toEqual([]);
  }

  async function expectTool(url: string): Promise<void> {
    const token = await bearer();
    for (const [, , connect] of CLIENTS) {
      const client = await connect(`${url}${sitePath(SITE)}/`, token);
      const { isError, text } = await client.callTool('rucio_whoami');
      expect({ isError, text }).toEqual({
        isError: false,
        text: expect.stringContaining(example.mode === 'oidc' ? 'jdoe' : 'robot') as string,
      });
      await client.close();
    }
  }

  step('applies without a warning, and again without a difference', async () => {
    before = await make(previous.program, 'previous', { limits: { callSeconds: 59 } });
    now = await make(SYNTH, 'now');
    await apply(before, '--dry-run=server');
    const lines = await apply(before);
    expect(lines.filter((line) => !line.endsWith(' created'))).toEqual([]);
    await expectSettled(before);
  });

  step('its notes name the Secrets that have to exist', async () => {
    const kubectl = `kubectl -n ${namespace.name}`;
    const commands = commandsOf(now, 'Roll out and test').filter((line) =>
      line.includes(' get secret '),
    );
    expect(commands.map((line) => line.split(' ').slice(0, 6).join(' ')).sort()).toEqual(
      example.secrets.map(({ name }) => `${kubectl} get secret ${name}`).sort(),
    );
    const { KUBECONFIG: config = '' } = namespace.kubectl.env;
    for (const line of commands) {
      await runCommand('bash', ['-c', line], { env: { KUBECONFIG: config } });
    }
  });

  stepOn('rollout', 'rolls out', async () => {
    await rolledOut();
    await expectSettled(before);
  });

  stepOn('pods', 'answers through a port-forward, and calls a tool', async () => {
    const forward = commandsOf(now, 'Roll out and test').find((line) => line.includes('forward'));
    const port = Number(/ svc\/rucio-mcp \d+:(\d+)/.exec(forward ?? '')?.[1]);
    await withForward(namespace.kubectl, port, async (url) => {
      expect((await fetch(`${url}${PATHS.healthz}`)).status).toBe(200);
      await expectTool(url);
    });
  });

  stepOn('pods', 'has nothing for doctor to mend but what the cluster lacks', async () => {
    const { findings } = await doctor(namespace.kubectl, await bearer());
    const told = findings.filter(({ status, text }) => status === 'problem' && !LACKS.test(text));
    expect(told).toEqual([]);
    const well = findings.filter(({ status }) => status === 'ok').map(({ check }) => check);
    expect(well).toEqual(expect.arrayContaining(WELL));
  });

  stepOn('pods', 'shows doctor what somebody has broken', async () => {
    const { kubectl } = namespace;
    const config = ['configmap', `${APP_NAME}-config`];
    await kubectl.run(['patch', ...config, '--patch', '{"data":{"server.json":"{}"}}']);
    const [secret] = example.secrets;
    if (secret !== undefined) await kubectl.run(['delete', 'secret', secret.name]);
    const { code, findings } = await doctor(kubectl, await bearer());
    const broken = findings.filter(({ status }) => status === 'problem').map(({ check }) => check);
    expect({ code, broken }).toEqual({
      code: 1,
      broken: expect.arrayContaining(['config']) as string[],
    });
    if (secret !== undefined) await kubectl.putSecret(secret.name, secret.first);
    await apply(before);
  });

  stepOn('pods', 'is upgraded under load, and no call fails', async () => {
    await underLoad(async () => {
      await apply(now);
      await rolledOut();
    }, example.forgetsUsers);
    await expectSettled(now);
  });

  stepOn('pods', 'takes rotated Secrets under load, and no call fails', async () => {
    for (const secret of example.secrets) {
      if (secret.name !== 'rucio-mcp-bearer') await underLoad(() => rotate(secret));
    }
    await expectTool(proxy.url);
  });

  /** Changes a Secret in the cluster only; where both are valid for a while, as docs tell. */
  async function rotate(secret: ExampleSecret): Promise<void> {
    if (secret.name === 'rucio-mcp-sealing') return rotateSealingKeys(secret);
    if (secret.name === 'rucio-mcp-redis') return rotateRedisPassword(secret);
    await namespace.kubectl.putSecret(secret.name, secret.rotated);
    const [, second] = ROBOTS;
    const how = example.mode === 'oidc' ? fail() : example.mode.robot;
    await until(`Rucio sees the robot's other ${how}`, async () => {
      const log = (await dependencies?.rucioLog()) ?? [];
      return log.includes(`signed in: ${how} ${second.username}`);
    });
  }

  /** The new key opens everywhere before it seals anywhere. */
  async function rotateSealingKeys({ name, file: path, key, rotated }: ExampleSecret) {
    const { kubectl } = namespace;
    const [newest = '', ...old] = (rotated[key] ?? fail()).split('\n');
    for (const ring of [
      [...old, newest],
      [newest, ...old],
    ]) {
      await kubectl.putSecret(name, { [key]: ring.join('\n') });
      await untilMounted(kubectl, path, ring.join('\n'));
    }
    const renewed = await refresh();
    expect(keyOf(renewed)).not.toBe(keyOf(user?.tokens.access_token ?? fail()));
  }

  async function rotateRedisPassword({ name, file: path, key, first, rotated }: ExampleSecret) {
    const [old, fresh] = [first[key] ?? fail(), rotated[key] ?? fail()];
    const redis = dependencies?.redis ?? fail();
    await redis(old, 'ACL', 'SETUSER', 'default', `>${fresh}`);
    await namespace.kubectl.putSecret(name, rotated);
    await untilMounted(namespace.kubectl, path, fresh);
    await redis(fresh, 'ACL', 'SETUSER', 'default', `<${old}`);
    // Who is in with the old password is sent away.
    await redis(fresh, 'CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until('the pods are at Redis again', async () => {
      const answer = await redis(fresh, 'CLIENT', 'LIST', 'TYPE', 'normal');
      const pods = await podsOf(namespace.kubectl);
      return answer.split('\n').length > pods.length;
    });
    await refresh();
  }

  /** A new access token for the user; the one at hand stays good. */
  async function refresh(): Promise<string> {
    const { client, tokens } = user ?? fail();
    const { status, body } = await tokenRequest(`${proxy.url}${sitePath(SITE)}`, {
      grant_type: 'refresh_token',
      client_id: client.id,
      refresh_token: tokens.refresh_token,
    });
    expect(status).toBe(200);
    user = { client, tokens: { ...tokens, refresh_token: String(body['refresh_token']) } };
    return String(body['access_token']);
  }

  step('prunes what the version before has left', async () => {
    if (!reaches('rollout')) await apply(now);
    const bundles = () => namespace.kubectl.names(['configmaps', '--selector', OF_BUNDLE]);
    const both = await bundles();
    const lines = await apply(now, ...PRUNE);
    const pruned = lines.filter((line) => line.endsWith(' pruned'));
    expect(pruned.length).toBe(both.length / 2);
    expect((await bundles()).length).toBe(both.length - pruned.length);
    expect(lines.filter((line) => isChange(line) && !line.endsWith(' pruned'))).toEqual([]);
  });

  stepOn('pods', 'is rolled back under load, and no call fails', async () => {
    await underLoad(async () => {
      await apply(before);
      await rolledOut();
    }, example.forgetsUsers);
    await expectTool(proxy.url);
  });

  step('is deleted, and nothing of it is left but the Secrets of the operator', async () => {
    await namespace.kubectl.run(['delete', '-f', before.file, '--ignore-not-found']);
    const left = async () => objectsOf(namespace.kubectl, context.hasServiceMonitors);
    if (reaches('rollout')) {
      await until('everything is gone', async () => {
        const names = await left();
        return names.every((name) => name.startsWith('configmap/'));
      });
    }
    // Bundles of a version that was rolled back from are pruned, not deleted.
    await namespace.kubectl.run(['delete', 'configmaps', '--selector', OF_BUNDLE]);
    if (reaches('rollout')) expect(await left()).toEqual([]);
    for (const { name } of example.secrets) {
      expect(await namespace.kubectl.has('secret', name)).toBe(true);
    }
  });
});

/** What a cluster for tests need not have: a controller of Ingresses. */
const LACKS = /IngressClass/;
/** What has to be well wherever pods run. */
const WELL = ['rollout', 'pods', 'endpoints', 'config', 'bundle', 'clock', 'rucio', 'metrics'];
const NOTHING_FAILED = { failed: [], history: [] };
/** What a user is told whose token no pod knows any more. */
const SIGNED_OUT =
  /The access token is not valid here or has ended|requires authorization \(HTTP 401\)/;
const OF_BUNDLE = `app.kubernetes.io/instance=${APP_NAME},app.kubernetes.io/component=bundle`;
/** The options of `kubectl apply` by which docs/day-two.md prunes. */
const PRUNE = (/(--prune -l [^`]+)/.exec(readFileSync(GUIDE, 'utf8'))?.[1] ?? fail())
  .split(/[\s\\]+/)
  .filter((word) => word !== '');

/**
 * Whether a line of `kubectl apply` tells a change. It always says "configured" of a
 * PodDisruptionBudget: a selector is sent anew each time (`patchStrategy: replace` in its schema).
 * The server finds it the same, as `kubectl diff` does.
 */
function isChange(line: string): boolean {
  return !/ unchanged$|^poddisruptionbudget\S* configured$/.test(line);
}

function fail(): never {
  throw new Error('a part of the test is missing');
}

/** The name of the key that has sealed a token (RFC 7516 section 4.1.6). */
function keyOf(token: string): string {
  const [header = ''] = token.split('.');
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid;
}
