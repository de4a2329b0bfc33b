import {
  type GetPromptResult,
  type ListPromptsResult,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server';

import type { ToolName } from '../../lib/contract/tools';
import { quoteName } from '../rucio/untrusted-text';
import type { Catalogue } from './catalogue';
import { iconOf } from './icons';
import { type PromptArguments, largestDids, rowsOf } from './prompt-facts';

/** Runs a tool for a prompt and hands over what the model would have been shown, errors too. */
export type ToolText = (name: ToolName, args: Record<string, unknown>) => Promise<string>;

interface Prompt {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: 'dids' | 'rules' | 'accounts' | 'storage';
  readonly arguments: readonly {
    readonly name: string;
    readonly description: string;
    readonly required: boolean;
  }[];
  /** Without these the prompt is not offered. */
  readonly tools: readonly ToolName[];
  /** What the user asks, then the facts. */
  readonly render: (args: PromptArguments, tool: ToolText) => Promise<readonly string[]>;
}

const ACCOUNT = { name: 'account', description: 'default: yours', required: false } as const;

/** How many of the found things are looked into. */
const MAX_DETAILS = 3;

/** Prompts fetch the data themselves and hand over facts, not to-do lists. */
const PROMPTS: readonly Prompt[] = [
  {
    name: 'diagnose-rule',
    title: 'Diagnose a rule',
    description: 'Why a replication rule is stuck or slow, and what helps',
    toolset: 'rules',
    arguments: [{ name: 'rule_id', description: 'id of the rule, 32 hex digits', required: true }],
    tools: ['rucio_explain_rule'],
    render: async ({ rule_id: ruleId = '' }, tool) => [
      'Tell me why this replication rule is not done and what I should do, from the facts below.',
      `Rule: ${await tool('rucio_explain_rule', { rule_id: ruleId })}`,
    ],
  },
  {
    name: 'find-data',
    title: 'Find data',
    description: 'Which datasets, containers and files match a pattern, and where they are',
    toolset: 'dids',
    arguments: [
      { name: 'pattern', description: 'scope:pattern, with * for any characters', required: true },
    ],
    tools: ['rucio_list_dids', 'rucio_locate_data'],
    render: async ({ pattern = '' }, tool) => {
      const found = await tool('rucio_list_dids', { did_pattern: pattern, did_type: 'all' });
      const dids = rowsOf(found).flatMap(({ did }) => (typeof did === 'string' ? [did] : []));
      const few = dids.length <= MAX_DETAILS ? dids : [];
      const places = await Promise.all(few.map((did) => tool('rucio_locate_data', { did })));
      return [
        'These are the DIDs that Rucio knows for the pattern below. Tell me what they are and where.',
        `Pattern: ${quoteName(pattern)}`,
        `Found: ${found}`,
        ...places.map((place) => `Where: ${place}`),
      ];
    },
  },
  {
    name: 'plan-replication',
    title: 'Plan a copy',
    description: 'Whether data can be copied somewhere: quota, space, what is there already',
    toolset: 'rules',
    arguments: [
      { name: 'dids', description: 'DIDs, separated by spaces', required: true },
      {
        name: 'rse_expression',
        description: 'where to, e.g. tier=2&rse_type=DISK',
        required: true,
      },
      ACCOUNT,
    ],
    tools: ['rucio_plan_rule', 'rucio_locate_data'],
    render: async ({ dids = '', rse_expression: where = '', account = '' }, tool) => [
      'Tell me whether this copy is possible, where it would go best, and what it costs. Do not make it.',
      `Data: ${quoteName(dids)}, to: ${quoteName(where)}`,
      `Plan: ${await tool('rucio_plan_rule', { dids, rse_expression: where, account })}`,
      `There now: ${await tool('rucio_locate_data', { did: dids.trim().split(/\s+/)[0] ?? '' })}`,
    ],
  },
  {
    name: 'quota-report',
    title: 'Quota report',
    description: 'How much quota is used and left, and by what',
    toolset: 'accounts',
    arguments: [ACCOUNT],
    tools: ['rucio_quota_overview', 'rucio_list_account_rules'],
    render: async ({ account = '' }, tool) => [
      'Report how much quota is used and left, where it is tight, and what uses most of it.',
      `Quota: ${await tool('rucio_quota_overview', { account })}`,
      `Rules: ${await tool('rucio_list_account_rules', { account, summary: true })}`,
    ],
  },
  {
    name: 'clean-up',
    title: 'Clean up',
    description: 'Which rules could go: by age and size, with what would be lost',
    toolset: 'rules',
    arguments: [ACCOUNT],
    tools: ['rucio_list_account_rules', 'rucio_describe_did'],
    render: async ({ account = '' }, tool) => {
      const rules = await tool('rucio_list_account_rules', { account });
      const largest = largestDids(rules, MAX_DETAILS);
      const details = await Promise.all(largest.map((did) => tool('rucio_describe_did', { did })));
      return [
        'Suggest which of these rules could be deleted: old, large, or with other copies that stay. ' +
          'Say what would be lost. Do not delete anything.',
        `Summary: ${await tool('rucio_list_account_rules', { account, summary: true })}`,
        `Rules: ${rules}`,
        ...details.map((detail) => `One of the largest: ${detail}`),
      ];
    },
  },
  {
    name: 'site-report',
    title: 'Storage report',
    description: 'Whether a storage element is up, writable and full, and who uses it',
    toolset: 'storage',
    arguments: [{ name: 'rse', description: 'name of the storage element', required: true }],
    tools: ['rucio_describe_rse'],
    render: async ({ rse = '' }, tool) => [
      'Report the state of this storage element: availability, space, protocols, largest users.',
      `RSE: ${await tool('rucio_describe_rse', { rse })}`,
    ],
  },
];

/** The answer to `prompts/list`: the prompts whose tools the caller may use. */
export function listPrompts(catalogue: Catalogue): ListPromptsResult {
  return {
    prompts: offered(catalogue).map((prompt) => ({
      name: prompt.name,
      title: prompt.title,
      description: prompt.description,
      arguments: prompt.arguments.map((argument) => ({ ...argument })),
      icons: [iconOf(prompt.toolset)],
    })),
  };
}

function offered({ callable }: Catalogue): readonly Prompt[] {
  return PROMPTS.filter(({ tools }) => tools.every((tool) => callable.has(tool)));
}

/**
 * @throws {ProtocolError} -32602 for an unknown prompt, an unknown or a missing argument
 */
export async function getPrompt(
  name: string,
  args: PromptArguments,
  catalogue: Catalogue,
  tool: ToolText,
): Promise<GetPromptResult> {
  const prompts = offered(catalogue);
  const prompt = prompts.find((candidate) => candidate.name === name);
  if (prompt === undefined) {
    throw invalid(`Unknown prompt; there are: ${prompts.map((known) => known.name).join(', ')}`);
  }
  const names = prompt.arguments.map((argument) => argument.name);
  for (const key of Object.keys(args)) {
    if (!names.includes(key)) {
      throw invalid(
        `Prompt ${name} has no argument ${quoteName(key)}; it has: ${names.join(', ')}`,
      );
    }
  }
  const missing = prompt.arguments.find(
    (argument) => argument.required && (args[argument.name] ?? '').trim() === '',
  );
  if (missing !== undefined) throw invalid(`Prompt ${name} needs the argument "${missing.name}"`);
  const text = (await prompt.render(args, tool)).join('\n\n');
  return {
    description: prompt.description,
    messages: [{ role: 'user', content: { type: 'text', text } }],
  };
}

function invalid(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
