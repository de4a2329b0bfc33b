import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const SCRIPT = join(__dirname, 'python-client.py');

/** What the client has seen, of two calls of `rucio_whoami` with a renewal between them. */
export interface PythonResult {
  readonly tools: readonly string[];
  readonly accounts: readonly string[];
  /** How often it got tokens. */
  readonly issued: number;
}

/**
 * Runs the official Python SDK against a site, to its end.
 *
 * @param environment - what the requirement `python-server` provided
 * @param signIn - takes the user from a URL to the query of the answer
 */
export async function runPythonClient(
  environment: string,
  { url, redirectUri }: { readonly url: string; readonly redirectUri: string },
  signIn: (url: string) => Promise<URLSearchParams>,
): Promise<PythonResult> {
  const python = spawn(join(environment, 'bin', 'python'), [SCRIPT, url, redirectUri]);
  const exited = once(python, 'exit');
  let errors = '';
  python.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  try {
    return await new Promise<PythonResult>((resolve, reject) => {
      createInterface(python.stdout).on('line', (line) => {
        const [word, ...rest] = line.split(' ');
        if (word === 'result') resolve(JSON.parse(rest.join(' ')) as PythonResult);
        if (word !== 'open') return;
        signIn(rest.join(' ')).then(
          (answer) => python.stdin.write(`${answer.toString()}\n`),
          reject,
        );
      });
      python.once('error', reject);
      python.once('exit', (code) => reject(new Error(`python ended with ${code}:\n${errors}`)));
    });
  } finally {
    // Where something failed it still waits for an answer.
    if (python.pid !== undefined && python.exitCode === null) {
      python.kill();
      await exited;
    }
  }
}
