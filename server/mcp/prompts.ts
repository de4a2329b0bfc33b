import {
  type GetPromptResult,
  type ListPromptsResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';

/** Runs a tool for a prompt and hands over what the model would have been shown. */
export type ToolText = (name: string, args: Record<string, unknown>) => Promise<string>;

interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly argument: { readonly name: string; readonly description: string };
  readonly render: (value: string, tool: ToolText) => Promise<string>;
}

/** Prompts fetch the data themselves and hand over facts, not to-do lists. */
const PROMPTS: readonly Prompt[] = [
  {
    name: 'find-data',
    title: 'Find data',
    description: 'Which datasets, containers and files match a pattern',
    argument: { name: 'pattern', description: 'scope:pattern, with * for any characters' },
    render: async (pattern, tool) =>
      [
        'These are the DIDs that Rucio knows for the pattern below. Tell me what they are.',
        `Pattern: ${JSON.stringify(pattern)}`,
        await tool('rucio_list_dids', { did_pattern: pattern, did_type: 'all' }),
      ].join('\n\n'),
  },
  {
    name: 'locate-data',
    title: 'Locate data',
    description: 'Where the files of a dataset can be read, and what keeps them there',
    argument: { name: 'did', description: 'scope:name of a dataset, container or file' },
    render: async (did, tool) =>
      [
        'Tell me where this data can be read and which rules keep it, from the facts below.',
        `DID: ${JSON.stringify(did)}`,
        `Replicas: ${await tool('rucio_list_replicas', { dids: did })}`,
        `Rules: ${await tool('rucio_list_did_rules', { did })}`,
      ].join('\n\n'),
  },
];

/** The answer to `prompts/list`. */
export const PROMPT_LIST: ListPromptsResult = {
  prompts: PROMPTS.map(({ name, title, description, argument }) => ({
    name,
    title,
    description,
    arguments: [{ ...argument, required: true }],
  })),
};

/**
 * @throws {ProtocolError} -32602 for an unknown prompt or a missing argument
 */
export async function getPrompt(
  name: string,
  args: Record<string, string>,
  tool: ToolText,
): Promise<GetPromptResult> {
  const prompt = PROMPTS.find((candidate) => candidate.name === name);
  if (prompt === undefined) {
    const known = PROMPTS.map((candidate) => candidate.name).join(', ');
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt; there are: ${known}`);
  }
  const value = args[prompt.argument.name];
  if (value === undefined || value.trim() === '') {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      `Prompt ${prompt.name} needs the argument "${prompt.argument.name}"`,
    );
  }
  const text = await prompt.render(value, tool);
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text } }],
  };
}
