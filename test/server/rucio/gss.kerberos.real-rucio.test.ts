import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Site } from '../../../lib/contract/sites';
import { type Rucio, type RucioDeps, createRucio } from '../../../server/rucio/client';
import { eventually } from '../../support/eventually';
import { findCommand } from '../../support/find-command';
import { type KerberosRucio, startKerberosRucio } from '../../support/kerberos/kerberos-rucio';
import { describeWith } from '../../support/requirements';
import { options } from '../../support/rucio-on-fault-server';

const HOUR_MS = 3_600_000;

interface Robot extends RucioDeps {
  readonly keytabFile: string;
  readonly principal?: string;
  readonly authHost?: string;
  readonly rucioSeconds?: number;
}

describeWith(['kerberos', 'real-rucio'], 'the robot signs in by Kerberos', (modules, fixture) => {
  let setting: KerberosRucio;
  let keytab: string;
  let directory: string;
  beforeAll(async () => {
    setting = await startKerberosRucio(fixture, modules);
    directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-gss-'));
  }, 120_000);
  afterAll(async () => {
    await setting.stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(async () => {
    keytab = await setting.realm.keytab('robot');
  });

  const opened: Rucio[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((rucio) => rucio.close()));
  });

  async function connect({ keytabFile, ...robot }: Robot): Promise<Rucio> {
    const { principal = setting.principal, authHost = setting.url, ...rest } = robot;
    const { rucioSeconds = 30, ...deps } = rest;
    const rucio = await createRucio(
      Site.parse({
        name: 'real',
        rucioHost: setting.real.url,
        authHost,
        caFile: setting.certificates.caFile,
      }),
      {
        account: 'robot',
        credentials: { type: 'gss', principal, keytabFile, krb5ConfFile: setting.realm.krb5Conf },
      },
      { rucioSeconds, rucioConnections: 2 },
      { kerberos: { PATH: process.env['PATH'] ?? '' }, ...deps },
    );
    opened.push(rucio);
    return rucio;
  }
  const whoami = async ({ client }: Rucio) => (await client.accounts.whoami(options())).account;

  test('with a keytab, and again when the session is near its end', async () => {
    let now = Date.now();
    const logins: string[] = [];
    const onLogin = (outcome: string) => logins.push(outcome);
    const rucio = await connect({ keytabFile: keytab, clock: () => now, onLogin });
    expect(await whoami(rucio)).toBe('robot');
    expect(await whoami(rucio)).toBe('robot');
    expect(logins).toEqual(['ok']);
    now += HOUR_MS;
    expect(await whoami(rucio)).toBe('robot');
    expect(logins).toEqual(['ok', 'ok']);
  });

  test('a keytab of an earlier key version is refused, and the rotated one used without a restart', async () => {
    let now = Date.now();
    const path = join(directory, 'mounted.keytab');
    await copyFile(keytab, path);
    const reloads: string[] = [];
    const rucio = await connect({
      keytabFile: path,
      clock: () => now,
      onSecretReload: (secret, outcome) => reloads.push(`${secret} ${outcome}`),
    });
    const next = await setting.realm.keytab('robot');
    await expect(whoami(rucio)).rejects.toMatchObject({
      code: 'LOGIN',
      what: 'Kerberos does not accept the key: it is not the current one of the principal.',
      next: expect.stringContaining('make the keytab anew') as string,
    });
    await copyFile(next, path);
    now += 2000;
    expect(await whoami(rucio)).toBe('robot');
    expect(reloads).toEqual(['rucio-keytab ok']);
  });

  test('a keytab of another principal stops the start', async () => {
    const keytabFile = await setting.realm.keytab('stranger');
    await expect(connect({ keytabFile })).rejects.toThrow(
      /has no key of robot@DEMO\.EXAMPLE\.ORG, but of stranger@DEMO\.EXAMPLE\.ORG/,
    );
  });

  test('a principal that no account has is refused by Rucio', async () => {
    const keytabFile = await setting.realm.keytab('stranger');
    const rucio = await connect({ keytabFile, principal: 'stranger@DEMO.EXAMPLE.ORG' });
    await expect(whoami(rucio)).rejects.toMatchObject({
      code: 'LOGIN',
      what: "Rucio refused the robot's credentials for the account robot.",
    });
  });

  test('HTTP 401: a service whose own key is not current takes no ticket', async () => {
    const { realm } = setting;
    await realm.addPrincipal('HTTP/localhost.localdomain');
    const other = await setting.front(await realm.keytab('HTTP/localhost.localdomain'));
    try {
      const rucio = await connect({ keytabFile: keytab, authHost: other.url });
      await expect(whoami(rucio)).rejects.toMatchObject({
        code: 'LOGIN',
        what: "Rucio refused the robot's credentials for the account robot.",
        next: expect.stringContaining('the clocks, and the keytab') as string,
      });
    } finally {
      await other.stop();
    }
  });

  test('a principal that has expired, and one that was removed', async () => {
    const { realm } = setting;
    await realm.addPrincipal('leaver');
    const robot = {
      keytabFile: await realm.keytab('leaver'),
      principal: 'leaver@DEMO.EXAMPLE.ORG',
    };
    await realm.modify('leaver', '-expire', 'yesterday');
    await expect(whoami(await connect(robot))).rejects.toMatchObject({
      code: 'LOGIN',
      what: 'The Kerberos principal has expired or is locked.',
    });
    await realm.removePrincipal('leaver');
    await expect(whoami(await connect(robot))).rejects.toMatchObject({
      code: 'LOGIN',
      what: 'Kerberos does not know the principal that wants to sign in.',
    });
  });

  test('a server whose name is not that of its principal', async () => {
    const authHost = setting.url.replace('localhost', '127.0.0.1');
    const rucio = await connect({ keytabFile: keytab, authHost });
    await expect(whoami(rucio)).rejects.toMatchObject({
      code: 'LOGIN',
      what: 'Kerberos knows no service of the authentication server.',
    });
  });

  test('a KDC that is down, and works again', async () => {
    const { realm } = setting;
    let now = Date.now();
    const rucio = await connect({ keytabFile: keytab, clock: () => now });
    await realm.kill();
    await expect(whoami(rucio)).rejects.toMatchObject({
      code: 'RUCIO_DOWN',
      what: 'No Kerberos server (KDC) of the realm could be reached.',
      why: undefined,
    });
    await realm.start();
    now += 2000;
    expect(await whoami(rucio)).toBe('robot');
  });

  test('a KDC that answers nothing ends the login in bounded time', async () => {
    const rucio = await connect({ keytabFile: keytab, rucioSeconds: 1 });
    setting.realm.pause();
    try {
      await expect(whoami(rucio)).rejects.toMatchObject({
        code: 'RUCIO_DOWN',
        why: 'Kerberos did not answer within 1 s.',
      });
    } finally {
      setting.realm.resume();
    }
  });

  /** Stands before the real curl on PATH, which it becomes after the commands. */
  async function curlAfter(commands: string): Promise<Record<string, string>> {
    const curl = await findCommand(['curl'], 'curl');
    const bin = await mkdtemp(join(directory, 'bin-'));
    const script = `#!/bin/sh\nset -eu\ncd ${bin}\nREAL=${curl}\n${commands}\n`;
    await writeFile(join(bin, 'curl'), script);
    await chmod(join(bin, 'curl'), 0o755);
    return { PATH: `${bin}:${process.env['PATH'] ?? ''}`, bin };
  }
  const OBSERVED =
    'case "$*" in *--version*) exec "$REAL" "$@";; esac\n' +
    'echo "$$" > pid; echo "$*" > arguments; cat > input; tr "\\0" "\\n" < /proc/$$/environ > variables\n';

  test('a server that stops waits for no KDC, and leaves no curl behind', async () => {
    const { bin = '', ...kerberos } = await curlAfter(`${OBSERVED}exec "$REAL" "$@" < input`);
    const rucio = await connect({ keytabFile: keytab, kerberos });
    setting.realm.pause();
    try {
      const asked = whoami(rucio).catch((error: unknown) => error);
      const read = () => readFile(join(bin, 'variables'), 'utf8').catch(() => '');
      await eventually(async () => (await read()).includes('LC_ALL'));
      await rucio.close();
      expect(await asked).toMatchObject({ code: 'RUCIO_DOWN' });
      const pid = Number(await readFile(join(bin, 'pid'), 'utf8'));
      await eventually(() => {
        try {
          process.kill(pid, 0);
          return false;
        } catch {
          return true;
        }
      });
    } finally {
      setting.realm.resume();
    }
  });

  test('another user of the computer reads no secret from the process list', async () => {
    const { bin = '', ...kerberos } = await curlAfter(`${OBSERVED}exec "$REAL" "$@" < input`);
    const rucio = await connect({ keytabFile: keytab, kerberos });
    expect(await whoami(rucio)).toBe('robot');
    const seen = (file: string) => readFile(join(bin, file), 'utf8');
    expect(await seen('arguments')).toBe('--disable --config -\n');
    // The shell that watches adds some of its own.
    const shell = ['', 'PWD', 'OLDPWD', 'SHLVL', '_'];
    const names = (await seen('variables')).split('\n').map((line) => line.split('=')[0] ?? '');
    expect(names.filter((name) => !shell.includes(name)).sort()).toEqual([
      ...['HOME', 'KRB5CCNAME', 'KRB5_CLIENT_KTNAME', 'KRB5_CONFIG', 'LC_ALL', 'PATH'],
    ]);
    expect(await seen('variables')).not.toMatch(/Negotiate|YII/);
    expect(await seen('input')).not.toMatch(/Negotiate|YII|robot/);
  });

  test('another user of the computer who finds the listener can not sign in as somebody else', async () => {
    const forged = 'Authorization: Negotiate Zm9yZ2Vk';
    const { bin = '', ...kerberos } = await curlAfter(
      `${OBSERVED}port=$(sed -n 's/.*127.0.0.1:\\([0-9]*\\)"/\\1/p' input)\n` +
        `"$REAL" -s -o answer -w '%{http_code}' -H '${forged}' http://127.0.0.1:$port/ > status\n` +
        'exec "$REAL" "$@" < input',
    );
    const rucio = await connect({ keytabFile: keytab, kerberos });
    expect(await whoami(rucio)).toBe('robot');
    expect(await readFile(join(bin, 'status'), 'utf8')).toBe('404');
  });

  test('without curl, or with one without GSS-API, the server does not start', async () => {
    const nothing = { PATH: directory };
    await expect(connect({ keytabFile: keytab, kerberos: nothing })).rejects.toThrow(
      /gss signs in by the command curl, which can not be run \(ENOENT\)[^]*image\.tag 24-trixie/,
    );
    // As that of Alpine says it.
    const kerberos = await curlAfter('echo "Features: alt-svc AsynchDNS HTTP2 HTTPS-proxy SSL"');
    await expect(connect({ keytabFile: keytab, kerberos })).rejects.toThrow(
      /the one on PATH is built without GSS-API/,
    );
  });
});
