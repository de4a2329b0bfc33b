import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** The end of a failed command's output that is worth showing, in characters. */
const SHOWN_OUTPUT = 1500;

/**
 * Runs a program to its end.
 *
 * @returns its standard output
 * @throws {Error} when it can not be started or fails; the message has the end of its output
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', (cause) => {
      reject(new Error(`${program} can not be started: ${cause.message}`, { cause }));
    });
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const end = (errors.trim() === '' ? output : errors).trim().slice(-SHOWN_OUTPUT);
        reject(
          new Error(`${program} ${args.join(' ')} failed (${code ?? signal ?? 'killed'}):\n${end}`),
        );
      }
    });
  });
}
