import * as v2 from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** What the tests need of either client. */
export interface McpClient {
  readonly protocolVersion: string | undefined;
  readonly serverName: string | undefined;
  readonly instructions: string | undefined;
  listTools(): Promise<string[]>;
  callTool(name: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  close(): Promise<void>;
}

export interface ToolAnswer {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: unknown;
}

type Connect = (url: string, bearer: string) => Promise<McpClient>;

const INFO = { name: 'rucio-mcp-tests', version: '1.0.0' };
const headersOf = (bearer: string) => ({ requestInit: { headers: authorization(bearer) } });
const authorization = (bearer: string) => ({ Authorization: `Bearer ${bearer}` });

/** The independent client of the first SDK, which speaks the revisions of 2025. */
const connectV1: Connect = async (url, bearer) => {
  const client = new V1Client(INFO);
  const transport = new V1Transport(new URL(url), headersOf(bearer));
  await client.connect(transport);
  return {
    protocolVersion: transport.protocolVersion,
    serverName: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    callTool: async (name, args = {}) => toAnswer(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
};

/** The client of the current SDK, which speaks 2026-07-28 where the server does. */
const connectV2: Connect = async (url, bearer) => {
  const client = new v2.Client(INFO, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new v2.StreamableHTTPClientTransport(new URL(url), headersOf(bearer)));
  return {
    protocolVersion: client.getNegotiatedProtocolVersion(),
    serverName: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    callTool: async (name, args = {}) => toAnswer(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
};

/** Both eras: a title, the revision that must be spoken, and how to connect. */
export const CLIENTS: readonly [title: string, revision: string, connect: Connect][] = [
  ['the v1 client', '2025-11-25', connectV1],
  ['the v2 client', '2026-07-28', connectV2],
];

function toAnswer(result: Record<string, unknown>): ToolAnswer {
  const content = result['content'] as { type: string; text?: string }[];
  return {
    isError: result['isError'] === true,
    text: content.map(({ text = '' }) => text).join('\n'),
    structured: result['structuredContent'],
  };
}
