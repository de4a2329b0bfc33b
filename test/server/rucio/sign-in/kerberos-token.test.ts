import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

import { KerberosError, kerberosToken } from '../../../../server/rucio/sign-in/kerberos-token';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rucio-mcp-kerberos-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** An environment whose curl is this script. */
function curlIs(script: string): Record<string, string> {
  const file = join(directory, 'curl');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return { PATH: `${directory}:${process.env['PATH'] ?? ''}` };
}

async function failure(
  environment: Record<string, string>,
  options: { timeoutMs?: number; closing?: AbortSignal } = {},
): Promise<KerberosError> {
  const asked = { host: 'rucio.example.org', environment, timeoutMs: 60_000, ...options };
  const error: unknown = await kerberosToken(asked).catch((thrown: unknown) => thrown);
  if (error instanceof KerberosError) return error;
  throw new Error('it was no KerberosError', { cause: error });
}

test('a curl that starts another program is ended with it, when its time is over', async () => {
  const { reason } = await failure(curlIs('sleep 600; echo late'), { timeoutMs: 200 });
  expect(reason).toBe('timeout');
});

test('a server that stops ends it, and that is told as such', async () => {
  const closing = AbortSignal.abort();
  expect((await failure(curlIs('sleep 600; echo late'), { closing })).reason).toBe('closing');
});

test('a curl that is killed by the system is no timeout', async () => {
  expect(await failure(curlIs('kill -9 $$'))).toMatchObject({
    reason: 'notRun',
    message: 'curl was ended by SIGKILL',
  });
});

test('no curl is told as such', async () => {
  expect(await failure({ PATH: join(directory, 'nowhere') })).toMatchObject({
    reason: 'notRun',
    message: 'curl could not be run (ENOENT)',
  });
});

test('a flood of connections that takes all file descriptors does not end the server', () => {
  const bundle = join(directory, 'bundle.cjs');
  buildSync({
    entryPoints: [join(__dirname, '../../../../server/rucio/sign-in/kerberos-token.ts')],
    bundle: true,
    platform: 'node',
    outfile: bundle,
  });
  // Each number of free descriptors fails at another place.
  const code = `
    const { kerberosToken } = require(${JSON.stringify(bundle)});
    const fs = require('node:fs');
    const environment = { PATH: ${JSON.stringify(curlIs('exit 2')['PATH'])} };
    (async () => {
      for (let free = 0; free < 12; free += 1) {
        const held = [];
        try { for (;;) held.push(fs.openSync('/dev/null')); } catch {}
        for (const fd of held.splice(0, free)) fs.closeSync(fd);
        const error = await kerberosToken({ host: 'x', environment, timeoutMs: 5000 }).catch((e) => e);
        await new Promise((resolve) => setTimeout(resolve, 20));
        for (const fd of held) fs.closeSync(fd);
        console.log(free, error.name, error.reason);
      }
    })();`;
  const file = join(directory, 'flood.cjs');
  writeFileSync(file, code);
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -n 60; exec "$0" "$1"', process.execPath, file],
    { encoding: 'utf8' },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trim().split('\n');
  expect(lines).toHaveLength(12);
  for (const line of lines) expect(line).toMatch(/^\d+ KerberosError (notRun|refused)$/);
});
