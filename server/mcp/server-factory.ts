import {
  type Implementation,
  SUPPORTED_PROTOCOL_VERSIONS,
  Server,
  type ServerContext,
  TRACEPARENT_META_KEY,
} from '@modelcontextprotocol/server';

import type { Site } from '../../lib/contract/sites';
import { VERSION } from '../../lib/contract/version';
import type { Principal } from '../auth/principal';
import { auditTo } from './audit';
import { type CallDeps, callTool } from './call-tool';
import type { Catalogue } from './catalogue';
import { consentOf } from './consent';
import { complete } from './completions';
import { iconOf } from './icons';
import { instructionsFor } from './instructions';
import { MODERN_REVISION } from './plain-request';
import { progressTo } from './progress';
import { getPrompt, listPrompts } from './prompts';
import { listTemplates, readTemplate } from './resource-templates';
import { type Resources, buildResources } from './resources';
import { SiteLists } from './site-lists';
import type { TraceCarrier } from '../tracing/tracing';

/** What one site offers, worked out once; a server object for each request is made from it. */
export interface SiteOffer {
  readonly site: Site;
  readonly readOnly: boolean;
  readonly catalogue: Catalogue;
  readonly resources: Resources;
  readonly instructions: string;
  /** What completions offer. */
  readonly lists: SiteLists;
}

/** How long a client may keep lists, in milliseconds: they change only with a rollout. */
const LIST_TTL_MS = 300_000;

const HINT = { ttlMs: LIST_TTL_MS, cacheScope: 'private' } as const;
const CACHE_HINTS = {
  'tools/list': HINT,
  'prompts/list': HINT,
  'resources/list': HINT,
  'resources/templates/list': HINT,
  'resources/read': HINT,
  'server/discover': HINT,
} as const;

const CAPABILITIES = {
  tools: { listChanged: false },
  resources: { listChanged: false, subscribe: false },
  prompts: { listChanged: false },
  completions: {},
} as const;

/** A server of the SDK is one of 2025 unless it is told of more. */
const REVISIONS = [...SUPPORTED_PROTOCOL_VERSIONS, MODERN_REVISION];

const IMPLEMENTATION: Implementation = {
  name: 'rucio-mcp',
  title: 'Rucio',
  version: VERSION,
  icons: [iconOf('storage')],
};

export function buildOffer(site: Site, readOnly: boolean, catalogue: Catalogue): SiteOffer {
  return {
    site,
    readOnly,
    catalogue,
    resources: buildResources(site),
    instructions: instructionsFor(site, readOnly),
    lists: new SiteLists(site),
  };
}

export interface ServerDeps extends CallDeps {
  /** What the client calls itself in HTTP; untrusted. */
  readonly userAgent?: string | undefined;
  /** The trace context in HTTP. */
  readonly traceparent?: string | undefined;
}

/**
 * One MCP server object, for one request of one caller. Both protocol eras are served from it; it
 * holds no state between requests.
 */
export function buildMcpServer(offer: SiteOffer, principal: Principal, deps: ServerDeps): Server {
  const server = new Server(IMPLEMENTATION, {
    capabilities: CAPABILITIES,
    instructions: offer.instructions,
    cacheHints: CACHE_HINTS,
    supportedProtocolVersions: REVISIONS,
  });
  const { account, rucio, scopes, session } = principal;
  const { site, readOnly } = offer;
  const context = {
    rucio,
    account,
    site,
    readOnly,
    session: { scopes, toolsets: offer.catalogue.toolsets, ...session },
    sealer: deps.sealer,
    confirmAboveBytes: deps.confirmAboveBytes,
  };
  const subject = { site: site.name, account, userAgent: deps.userAgent };
  const call = (name: string, args: unknown, ctx: ServerContext) =>
    callTool(
      offer.catalogue,
      { name, args, signal: ctx.mcpReq.signal, carrier: carrierOf(ctx, deps) },
      {
        ...context,
        consent: consentOf(ctx),
        audit: auditTo(deps.log, subject, ctx),
        progress: progressTo(ctx),
      },
      deps,
    );

  server.setRequestHandler('tools/list', () => offer.catalogue.list);
  server.setRequestHandler('tools/call', async ({ params }, ctx) => {
    const { result } = await call(params.name, params.arguments ?? {}, ctx);
    return result;
  });
  const read = async (name: string, args: unknown, ctx: ServerContext) => {
    const { kind, result } = await call(name, args, ctx);
    if (kind === 'question') throw new TypeError(`${name} asks the user; it is no read tool`);
    return result;
  };
  server.setRequestHandler('resources/list', () => offer.resources.list);
  server.setRequestHandler('resources/templates/list', () => listTemplates(offer.catalogue));
  server.setRequestHandler('resources/read', ({ params: { uri } }, ctx) =>
    offer.resources.has(uri)
      ? offer.resources.read(uri)
      : readTemplate(uri, offer.catalogue, (name, args) => read(name, args, ctx)),
  );
  server.setRequestHandler('prompts/list', () => listPrompts(offer.catalogue));
  server.setRequestHandler('prompts/get', ({ params }, ctx) =>
    getPrompt(params.name, params.arguments ?? {}, offer.catalogue, async (name, args) => {
      const { content } = await read(name, args, ctx);
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
    }),
  );
  server.setRequestHandler('completion/complete', ({ params }, ctx) =>
    complete(
      {
        argument: params.argument.name,
        value: params.argument.value,
        others: params.context?.arguments ?? {},
      },
      { rucio, lists: offer.lists, signal: ctx.mcpReq.signal },
    ),
  );
  return server;
}

/**
 * The trace context of a request, from where MCP has it, else from the HTTP header.
 *
 * @see https://modelcontextprotocol.io/seps/414-request-meta (SEP-414)
 */
function carrierOf({ mcpReq }: ServerContext, { traceparent }: ServerDeps): TraceCarrier {
  return { traceparent: mcpReq._meta?.[TRACEPARENT_META_KEY] ?? traceparent };
}
