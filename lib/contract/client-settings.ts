/** One endpoint, as a client of an operator's users sees it. */
export interface ClientEndpoint {
  /** How clients call the server. */
  readonly name: string;
  readonly url: string;
  /** Whether clients present a bearer that is given to them, or sign their user in. */
  readonly bearer: boolean;
}

/** The settings of one client program. */
export interface ClientSettings {
  readonly client: string;
  /** Where the text goes. */
  readonly where: string;
  readonly language: 'json' | 'toml' | 'sh' | 'text';
  readonly text: string;
  /** Opens the client and fills its settings in; only where no bearer has to be written. */
  readonly link?: string;
}

/** The variable that the settings take the bearer from, so that no file holds it. */
const VARIABLE = 'RUCIO_MCP_TOKEN';

/** Settings for the common clients. The bearer is never in them. */
export function clientSettings({ name, url, bearer }: ClientEndpoint): readonly ClientSettings[] {
  const headers = (token: string) =>
    bearer ? { headers: { Authorization: `Bearer ${token}` } } : {};
  const header = bearer ? ` \\\n  --header "Authorization: Bearer $${VARIABLE}"` : '';
  return [
    {
      client: 'Claude Code',
      where: bearer ? 'in a terminal' : 'in a terminal; then sign in with /mcp',
      language: 'sh',
      text: `claude mcp add --transport http ${name} ${url}${header}`,
    },
    {
      client: 'Clients with mcpServers',
      where: '`.mcp.json`, or the settings of the client',
      language: 'json',
      text: json({
        mcpServers: { [name]: { type: 'http', url, ...headers(`\${${VARIABLE}}`) } },
      }),
    },
    {
      client: 'VS Code',
      where: '`.vscode/mcp.json`',
      language: 'json',
      text: json({
        ...(bearer
          ? {
              inputs: [
                { type: 'promptString', id: 'token', description: 'Bearer', password: true },
              ],
            }
          : {}),
        servers: { [name]: { type: 'http', url, ...headers('${input:token}') } },
      }),
      ...(bearer
        ? {}
        : {
            link: `vscode:mcp/install?${encodeURIComponent(JSON.stringify({ name, type: 'http', url }))}`,
          }),
    },
    ...(bearer
      ? []
      : [
          {
            client: 'Cursor',
            where: '`.cursor/mcp.json`',
            language: 'json' as const,
            text: json({ mcpServers: { [name]: { url } } }),
            link: cursorLink(name, { url }),
          },
        ]),
    {
      client: 'Codex',
      where: '`~/.codex/config.toml`',
      language: 'toml',
      text:
        `[mcp_servers.${name}]\nurl = ${JSON.stringify(url)}` +
        (bearer ? `\nbearer_token_env_var = ${JSON.stringify(VARIABLE)}` : ''),
    },
    {
      client: 'Gemini CLI',
      where: bearer ? 'in a terminal' : 'in a terminal; then sign in with /mcp auth',
      language: 'sh',
      text: `gemini mcp add --transport http ${name} ${url}${header}`,
    },
    ...(bearer
      ? []
      : [
          {
            client: 'Claude and ChatGPT on the web',
            where: 'Settings, Connectors: add a custom connector with this address',
            language: 'text' as const,
            text: url,
          },
        ]),
    inspector(url, bearer, header),
  ];
}

function inspector(url: string, bearer: boolean, header: string): ClientSettings {
  return {
    client: 'MCP Inspector',
    where: 'in a terminal',
    language: 'sh',
    text: bearer
      ? `npx @modelcontextprotocol/inspector --cli ${url} --transport http${header} \\\n  --method tools/list`
      : `npx @modelcontextprotocol/inspector --transport http --server-url ${url}`,
  };
}

/** @see https://docs.cursor.com/en/tools/developers */
function cursorLink(name: string, config: object): string {
  const query = new URLSearchParams({ name, config: btoa(JSON.stringify(config)) });
  return `cursor://anysphere.cursor-deeplink/mcp/install?${query.toString()}`;
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
