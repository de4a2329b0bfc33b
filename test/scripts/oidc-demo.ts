import { freePorts } from '../../scripts/pod/free-ports';
import { NpmCommand } from '../support/npm-command';

/** `npm start -- --oidc`, and `npm run try -- --oidc` against it. */
export class OidcDemo {
  /** What it prints: the MCP endpoint, with the slash. */
  readonly endpoint: string;
  /** The identity provider. */
  readonly provider: string;
  readonly #start: NpmCommand;

  private constructor(start: NpmCommand, endpoint: string, provider: string) {
    this.#start = start;
    this.endpoint = endpoint;
    this.provider = provider;
  }

  static async start(...args: readonly string[]): Promise<OidcDemo> {
    const [port = 0] = await freePorts(1);
    const start = new NpmCommand('start', '--', '--oidc', '--port', String(port), ...args);
    await start.told(/Ctrl-C/);
    const endpoint = await start.told(/npm run try -- --oidc (\S+)/);
    return new OidcDemo(start, endpoint, await start.told(/Sign-in +(\S+)/));
  }

  attempt(...args: readonly string[]): NpmCommand {
    const command = ['run', '--silent', 'try', '--', '--oidc', '--no-browser'];
    return new NpmCommand(...command, this.endpoint, ...args);
  }

  /** Ctrl-C; the exit code and the output. */
  async stop(): Promise<{ readonly code: unknown; readonly output: string }> {
    this.#start.child.kill('SIGINT');
    return { code: await this.#start.ended(), output: this.#start.output };
  }
}

/** The address that a user of `npm run try` is told; the `nth` of them. */
export function addressOf(command: NpmCommand, nth = 1): Promise<string> {
  return command.told(new RegExp(`(?:sign in:\\s+http[^]*){${nth - 1}}sign in:\\s+(http\\S+)\\n`));
}
