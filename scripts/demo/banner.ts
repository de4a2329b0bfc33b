export interface DemoAddresses {
  readonly endpoint: string;
  readonly bearer: string;
  readonly metrics: string;
  readonly rucio: string;
}

/** What `npm start` prints when the server is ready. */
export function banner({ endpoint, bearer, metrics, rucio }: DemoAddresses): string {
  const configuration = {
    mcpServers: {
      'rucio-demo': {
        type: 'http',
        url: endpoint,
        headers: { Authorization: `Bearer ${bearer}` },
      },
    },
  };
  return `
  The server is ready.

    MCP endpoint   ${endpoint}
    Metrics        ${metrics}
    Rucio          ${rucio} (embedded, with made-up data)

  For an MCP client:

${indent(JSON.stringify(configuration, undefined, 2))}

  To try it from another terminal:

    npm run try -- ${endpoint} ${bearer}

  Or with the MCP Inspector, which npx downloads:

    npx @modelcontextprotocol/inspector --cli ${endpoint} --transport http \\
      --header "Authorization: Bearer ${bearer}" --method tools/list

  Ctrl-C stops everything.
`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
