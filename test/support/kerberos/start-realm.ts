import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '../../../scripts/pod/free-ports';
import { runCommand } from '../real-rucio/run-command';
import { SYSTEM_PROGRAMS } from './ensure-kerberos';

/** A Kerberos realm of its own, with a KDC on a free port of this computer. */
export interface Realm {
  /** In capitals, as realms are. */
  readonly name: string;
  /** Readable by everybody, as is all in it: Apache has a user of its own. */
  readonly directory: string;
  /** Path of the configuration for clients and services. */
  readonly krb5Conf: string;
  /** What a client of the realm has in its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Adds a principal with a random key. */
  addPrincipal(name: string): Promise<void>;
  /** Sets attributes, as `kadmin modprinc` takes them. */
  modify(name: string, ...attributes: string[]): Promise<void>;
  removePrincipal(name: string): Promise<void>;
  /** Gives a principal a new key and returns a keytab with it: earlier ones are of no use then. */
  keytab(name: string, ...options: string[]): Promise<string>;
  /** Gets a ticket with a keytab, as `kinit` does for its user, and returns the cache. */
  ticket(principal: string, keytab: string, ...options: string[]): Promise<string>;
  /** It answers nothing, until it is resumed. */
  pause(): void;
  resume(): void;
  /** Ends the KDC. */
  kill(): Promise<void>;
  /** Starts it again, on its port. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRealm(name = 'DEMO.EXAMPLE.ORG'): Promise<Realm> {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-realm-'));
  await chmod(directory, 0o755);
  const at = (file: string) => join(directory, file);
  const [port = 0] = await freePorts(1);
  await writeConfiguration(directory, name, port);
  const environment = {
    PATH: [process.env['PATH'], ...SYSTEM_PROGRAMS].join(':'),
    KRB5_CONFIG: at('krb5.conf'),
  };
  const env = { ...environment, KRB5_KDC_PROFILE: at('kdc.conf'), LC_ALL: 'C' };
  const run = (command: string, ...args: string[]) => runCommand(command, args, { env });
  await run('kdb5_util', '-r', name, '-P', 'master', 'create', '-s');
  const admin = (...args: string[]) => run('kadmin.local', '-r', name, ...args);
  let kdc: ChildProcess | undefined;
  const kill = async () => {
    if (kdc === undefined || kdc.exitCode !== null || kdc.signalCode !== null) return;
    const ended = once(kdc, 'exit');
    kdc.kill('SIGKILL');
    await ended;
  };
  const start = async () => {
    kdc = await launch(env, at('kdc.pid'));
  };
  await start();
  const atExit = () => kdc?.kill('SIGKILL');
  process.once('exit', atExit);
  let files = 0;
  return {
    name,
    directory,
    krb5Conf: at('krb5.conf'),
    environment,
    addPrincipal: async (principal) => {
      await admin('addprinc', '-randkey', '+requires_preauth', principal);
    },
    modify: async (principal, ...attributes) => {
      await admin('modprinc', ...attributes, principal);
    },
    removePrincipal: async (principal) => {
      await admin('delprinc', '-force', principal);
    },
    keytab: async (principal, ...options) => {
      const path = at(`keytab-${(files += 1)}`);
      await admin('ktadd', '-k', path, ...options, principal);
      await chmod(path, 0o644);
      return path;
    },
    ticket: async (principal, keytab, ...options) => {
      const path = at(`tickets-${(files += 1)}`);
      await run('kinit', '-k', '-t', keytab, '-c', `FILE:${path}`, ...options, principal);
      return `FILE:${path}`;
    },
    pause: () => kdc?.kill('SIGSTOP'),
    resume: () => kdc?.kill('SIGCONT'),
    kill,
    start,
    stop: async () => {
      process.off('exit', atExit);
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function writeConfiguration(directory: string, realm: string, port: number): Promise<void> {
  await writeFile(
    join(directory, 'krb5.conf'),
    `[libdefaults]
  default_realm = ${realm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
[realms]
  ${realm} = {
    kdc = 127.0.0.1:${port}
  }
`,
  );
  await writeFile(
    join(directory, 'kdc.conf'),
    `[kdcdefaults]
  kdc_listen = 127.0.0.1:${port}
  kdc_tcp_listen = 127.0.0.1:${port}
[realms]
  ${realm} = {
    database_name = ${join(directory, 'principal')}
    key_stash_file = ${join(directory, 'stash')}
    acl_file = ${join(directory, 'acl')}
  }
[logging]
  kdc = FILE:${join(directory, 'kdc.log')}
`,
  );
}

/** Waits until the KDC has opened its ports, which its log tells. */
async function launch(env: NodeJS.ProcessEnv, pidFile: string): Promise<ChildProcess> {
  const child = spawn('krb5kdc', ['-n', '-P', pidFile], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('starting...')) resolve();
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`krb5kdc ended with ${code}:\n${output}`)));
  });
  return child;
}

/** What the KDC of a realm has noted down. */
export async function kdcLog({ directory }: Realm): Promise<string> {
  return readFile(join(directory, 'kdc.log'), 'utf8');
}
