import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import type { PythonAnswer, PythonChain } from './python-chains';

/** What a chain cost and told. */
export interface PythonFigure {
  readonly calls: number;
  /** Of the answers as hosts show them: the structured part where there is one, else the text. */
  readonly tokens: number;
  /** Calls that ended in an error. */
  readonly errors: number;
  /** Names of the facts that were found. */
  readonly found: readonly string[];
}

/** A client of a server of 2025, which is to be closed. */
export async function connect(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Client> {
  const client = new Client({ name: 'questions', version: '1' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { ...headers } },
  });
  // The transport's optional fields are typed otherwise than the interface says.
  await client.connect(transport);
  return client;
}

/** Runs a chain of calls and looks for its facts. */
export async function runPythonChain(chain: PythonChain, client: Client): Promise<PythonFigure> {
  let tokens = 0;
  const answers: PythonAnswer[] = [];
  await chain.ask(async (tool, args = {}) => {
    const result = await client.callTool({ name: tool, arguments: { ...args } });
    const content = result.content as { readonly type: string; readonly text?: string }[];
    const text = content.map((block) => block.text ?? '').join('\n');
    const structured = result.structuredContent;
    const shown = structured === undefined ? text : JSON.stringify(structured);
    tokens += countTokens(shown);
    const answer = { structured, text: `${shown}\n${text}`, isError: result.isError === true };
    answers.push(answer);
    return answer;
  });
  const seen = answers
    .filter(({ isError }) => !isError)
    .map(({ text }) => text)
    .join('\n');
  return {
    calls: answers.length,
    tokens,
    errors: answers.filter(({ isError }) => isError).length,
    found: Object.keys(chain.facts).filter((name) => chain.facts[name]?.(seen) === true),
  };
}
