import {
  type CallToolResult,
  Client,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
  type Tool,
} from '@modelcontextprotocol/client';

import type { SignIn } from './sign-in';

/** How often a user is asked to sign in before the program gives up: first, and for more rights. */
const SIGN_INS = 3;

/** A connection that sends its user to sign in whenever the server asks for it. */
export class McpSession {
  readonly #url: URL;
  readonly #access: { readonly bearer: string } | { readonly signIn: SignIn };
  #open: { readonly client: Client; readonly transport: StreamableHTTPClientTransport } | undefined;

  constructor(url: URL, access: { readonly bearer: string } | { readonly signIn: SignIn }) {
    this.#url = url;
    this.#access = access;
  }

  async listTools(): Promise<readonly Tool[]> {
    return this.#signedIn(async (client) => (await client.listTools()).tools);
  }

  /** A call that is refused for want of rights has changed nothing, and is made again with them. */
  async callTool(name: string, args: Record<string, unknown>): Promise<CallToolResult> {
    return this.#signedIn((client) => client.callTool({ name, arguments: args }));
  }

  async close(): Promise<void> {
    await this.#open?.client.close();
  }

  async #signedIn<T>(action: (client: Client) => Promise<T>): Promise<T> {
    const signIn = 'signIn' in this.#access ? this.#access.signIn : undefined;
    for (let signIns = 0; ; signIns++) {
      const open = (this.#open ??= this.#create());
      try {
        if (
          open.transport.sessionId === undefined &&
          open.client.getServerVersion() === undefined
        ) {
          await open.client.connect(open.transport);
        }
        return await action(open.client);
      } catch (error) {
        if (signIn?.isUnderWay !== true || signIns === SIGN_INS) throw error;
        await open.transport.finishAuth(await signIn.answer());
        this.#open = undefined;
        await open.client.close();
      }
    }
  }

  #create() {
    const client = new Client(
      { name: 'rucio-mcp-try', version: '1.0.0' },
      { versionNegotiation: { mode: 'auto' } },
    );
    return { client, transport: new StreamableHTTPClientTransport(this.#url, this.#options()) };
  }

  #options(): StreamableHTTPClientTransportOptions {
    if ('signIn' in this.#access) return { authProvider: this.#access.signIn };
    return { requestInit: { headers: { Authorization: `Bearer ${this.#access.bearer}` } } };
  }
}
