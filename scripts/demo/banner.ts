import { clientSettings } from '../../lib/contract/client-settings';
import { DEFAULT_ENDPOINT } from './default-endpoint';

export interface DemoAddresses {
  readonly endpoint: string;
  /** `undefined`: every user signs in. */
  readonly bearer: string | undefined;
  readonly metrics: string;
  readonly rucio: string;
  /** Where users sign in; `undefined` with a bearer. */
  readonly provider: string | undefined;
}

const NAME = 'rucio-demo';
/** Of those that `docs/clients.md` has, what most people have at hand. */
const SHOWN_CLIENTS = ['Claude Code', 'VS Code', 'MCP Inspector'];

/** What `npm start` prints when the server is ready. */
export function banner(addresses: DemoAddresses): string {
  const { endpoint, bearer, metrics, rucio, provider } = addresses;
  const signIn =
    provider === undefined
      ? ''
      : `\n    Sign-in        ${provider} (embedded; you choose who you are, without a password)`;
  return `
  The server is ready.

    MCP endpoint   ${endpoint}
    Metrics        ${metrics}
    Rucio          ${rucio} (embedded, with made-up data)${signIn}

${bearer === undefined ? signInPart(endpoint) : bearerPart(endpoint, bearer)}
  Ctrl-C stops everything.
`;
}

function bearerPart(endpoint: string, bearer: string): string {
  const configuration = {
    mcpServers: {
      [NAME]: { type: 'http', url: endpoint, headers: { Authorization: `Bearer ${bearer}` } },
    },
  };
  return `  For an MCP client:

${indent(JSON.stringify(configuration, undefined, 2))}

  To try it from another terminal:

    npm run try -- ${endpoint} ${bearer}

  Or with the MCP Inspector, which npx downloads:

    npx @modelcontextprotocol/inspector --cli ${endpoint} --transport http \\
      --header "Authorization: Bearer ${bearer}" --method tools/list
`;
}

function signInPart(endpoint: string): string {
  const url = endpoint === DEFAULT_ENDPOINT ? '' : ` ${endpoint}`;
  const settings = clientSettings({ name: NAME, url: endpoint, bearer: false })
    .filter(({ client }) => SHOWN_CLIENTS.includes(client))
    .map(({ client, where, text }) => `  ${client} (${where}):\n\n${indent(text)}\n`)
    .join('\n');
  return `  To sign in and call a tool, from another terminal:

    npm run try -- --oidc${url}

${settings}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
