import {
  type CallToolResult,
  type ListResourceTemplatesResult,
  ProtocolError,
  ProtocolErrorCode,
  type ReadResourceResult,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server';

import type { ToolName } from '../../lib/contract/tools';
import type { Catalogue } from './catalogue';
import { iconOf } from './icons';

/** Calls a tool for a resource. */
export type CallTool = (name: ToolName, args: Record<string, unknown>) => Promise<CallToolResult>;

interface Template {
  readonly uriTemplate: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly toolset: 'dids' | 'rules' | 'storage';
  /** The tool whose answer is the resource. */
  readonly tool: ToolName;
  /** The arguments, of the decoded path segments; undefined when the URI is not one of these. */
  readonly toArgs: (segments: readonly string[]) => Record<string, string> | undefined;
}

const TEMPLATES: readonly Template[] = [
  {
    uriTemplate: 'rucio://did/{scope}/{name}',
    name: 'did',
    title: 'A DID',
    description: 'A dataset, container or file: size, owner, rules, where its copies are',
    toolset: 'dids',
    tool: 'rucio_describe_did',
    // Names may have slashes of their own.
    toArgs: ([kind, scope, ...name]) =>
      kind === 'did' && scope !== undefined && name.length > 0
        ? { did: `${scope}:${name.join('/')}` }
        : undefined,
  },
  {
    uriTemplate: 'rucio://rule/{id}',
    name: 'rule',
    title: 'A replication rule',
    description: 'State of a rule, what it waits for, and what helps',
    toolset: 'rules',
    tool: 'rucio_explain_rule',
    toArgs: ([kind, id, ...more]) =>
      kind === 'rule' && id !== undefined && more.length === 0 ? { rule_id: id } : undefined,
  },
  {
    uriTemplate: 'rucio://rse/{rse}',
    name: 'rse',
    title: 'A storage element',
    description: 'Whether an RSE is up, its space, protocols and attributes',
    toolset: 'storage',
    tool: 'rucio_describe_rse',
    toArgs: ([kind, rse, ...more]) =>
      kind === 'rse' && rse !== undefined && more.length === 0 ? { rse } : undefined,
  },
];

const MIME_TYPE = 'application/json';

/** Templates whose tools the caller may use. */
export function listTemplates({ callable }: Catalogue): ListResourceTemplatesResult {
  return {
    resourceTemplates: TEMPLATES.filter(({ tool }) => callable.has(tool)).map(
      ({ uriTemplate, name, title, description, toolset }) => ({
        uriTemplate,
        name,
        title,
        description,
        mimeType: MIME_TYPE,
        icons: [iconOf(toolset)],
      }),
    ),
  };
}

/**
 * The answer of a template's tool as a resource.
 *
 * @throws {ResourceNotFoundError} when no template fits, or Rucio has no such thing
 * @throws {ProtocolError} -32603 with the tool's text when it failed otherwise
 */
export async function readTemplate(
  uri: string,
  { callable }: Catalogue,
  call: CallTool,
): Promise<ReadResourceResult> {
  const segments = segmentsOf(uri);
  for (const { tool, toArgs } of TEMPLATES) {
    const args = segments === undefined ? undefined : toArgs(segments);
    if (args === undefined || !callable.has(tool)) continue;
    const result = await call(tool, args);
    const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    if (result.isError !== true) return { contents: [{ uri, mimeType: MIME_TYPE, text }] };
    if (/^\[(?:[A-Z_]*NOT_FOUND|BAD_ARGUMENT|BAD_RULE_ID)\]/.test(text))
      throw new ResourceNotFoundError(uri);
    throw new ProtocolError(ProtocolErrorCode.InternalError, text);
  }
  throw new ResourceNotFoundError(uri);
}

function segmentsOf(uri: string): string[] | undefined {
  const path = /^rucio:\/\/([^?#]+)$/.exec(uri)?.[1];
  if (path === undefined) return undefined;
  try {
    const segments = path.split('/').map((segment) => decodeURIComponent(segment));
    // A name may begin with a slash, and then has an empty segment.
    return segments.at(-1) === '' || segments[1] === '' ? undefined : segments;
  } catch {
    return undefined;
  }
}
