import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '../../../scripts/pod/free-ports';
import { eventually } from '../eventually';
import { answersOverTls } from '../rucio-front/start-front';
import type { Certificates } from '../rucio-front/certificates';
import type { Realm } from './start-realm';

export interface ApacheOptions {
  /** Directory of its modules. */
  readonly modules: string;
  readonly realm: Realm;
  /** Of a principal `HTTP/localhost`. */
  readonly keytab: string;
  readonly certificates: Certificates;
  /** Where requests go on to, without TLS. */
  readonly upstream: string;
}

export interface Apache {
  /** `https://localhost:…` */
  readonly url: string;
  stop(): Promise<void>;
}

const MODULES = [
  ...['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'auth_gssapi', 'headers'],
  ...['proxy', 'proxy_http', 'socache_shmcb', 'ssl'],
];

/** An Apache in front of Rucio that signs users in by Kerberos, as sites have it. */
export async function startApache(options: ApacheOptions): Promise<Apache> {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-apache-'));
  await chmod(directory, 0o755);
  const [port = 0] = await freePorts(1);
  const file = join(directory, 'apache.conf');
  await writeFile(file, configuration(options, directory, port));
  const child = spawn('apache2', ['-D', 'FOREGROUND', '-f', file], {
    // Its replay cache would outlive it.
    env: { ...options.realm.environment, KRB5RCACHENAME: 'none:' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const url = `https://localhost:${port}`;
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    await end(child);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    await eventually(async () => {
      if (await answersOverTls(url)) return true;
      if (child.exitCode === null) return false;
      const log = await readFile(join(directory, 'error.log'), 'utf8').catch(() => '');
      throw new Error(`apache2 has ended with ${child.exitCode}:\n${errors}${log}`);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

function configuration(options: ApacheOptions, directory: string, port: number): string {
  const { modules, keytab, certificates, upstream } = options;
  const { certFile, keyFile } = certificates.host;
  // As root it would refuse to serve as root.
  const user = process.getuid?.() === 0 ? 'User #65534\nGroup #65534\n' : '';
  return `ServerRoot ${directory}
DefaultRuntimeDir ${directory}
PidFile ${directory}/apache.pid
ErrorLog ${directory}/error.log
LogLevel info
${MODULES.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
${user}Listen 127.0.0.1:${port}
ServerName localhost
StartServers 1
ServerLimit 1
ThreadsPerChild 25
MaxRequestWorkers 25
SSLEngine on
SSLCertificateFile ${certFile}
SSLCertificateKeyFile ${keyFile}
RequestHeader unset X-Remote-User early
ProxyPass / ${upstream}/
<Location /auth/gss>
  AuthType GSSAPI
  AuthName Rucio
  GssapiCredStore keytab:${keytab}
  GssapiAllowedMech krb5
  Require valid-user
  RequestHeader set X-Remote-User expr=%{REMOTE_USER}
</Location>
`;
}
