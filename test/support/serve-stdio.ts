import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';

import { RUCIO_MCP } from './run-command-line';

/** What `rucio_whoami` answers of the built command that serves by stdio, started for this call. */
export async function whoamiByStdio(
  env: Record<string, string>,
  args: readonly string[] = ['serve'],
) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [RUCIO_MCP, ...args],
    env,
  });
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  try {
    return await client.callTool({ name: 'rucio_whoami', arguments: {} });
  } finally {
    await client.close();
  }
}
