import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/**
 * `npm run try -- URL BEARER [TOOL [ARGUMENTS]]`: connects as an MCP client does, lists the tools and
 * calls one.
 */
async function attempt(argv: readonly string[]): Promise<void> {
  const [url, bearer, tool = 'rucio_whoami', json = '{}'] = argv;
  if (url === undefined || bearer === undefined) {
    throw new Error('usage: npm run try -- URL BEARER [TOOL [\'{"argument": "value"}\']]');
  }
  const client = new Client(
    { name: 'rucio-mcp-try', version: '1.0.0' },
    { versionNegotiation: { mode: 'auto' } },
  );
  const headers = { Authorization: `Bearer ${bearer}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  const { tools } = await client.listTools();
  const width = Math.max(...tools.map(({ name }) => name.length)) + 2;
  for (const { name, description } of tools) {
    console.log(`${name.padEnd(width)}${description ?? ''}`);
  }
  console.log(`\n${tool}(${json})\n`);
  const args = JSON.parse(json) as Record<string, unknown>;
  const { content, isError } = await client.callTool({ name: tool, arguments: args });
  for (const block of content) {
    console.log(block.type === 'text' ? block.text : JSON.stringify(block));
  }
  if (isError === true) process.exitCode = 1;
  await client.close();
}

attempt(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
