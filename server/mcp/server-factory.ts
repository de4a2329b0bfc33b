import { type Implementation, Server, type ServerContext } from '@modelcontextprotocol/server';

import type { Site } from '../../lib/contract/sites';
import { VERSION } from '../../lib/contract/version';
import type { Principal } from '../auth/principal';
import { auditTo } from './audit';
import { type CallDeps, callTool } from './call-tool';
import type { Catalogue } from './catalogue';
import { consentOf } from './consent';
import { instructionsFor } from './instructions';
import { progressTo } from './progress';
import { PROMPT_LIST, getPrompt } from './prompts';
import { type Resources, buildResources } from './resources';

/** What one site offers, worked out once; a server object for each request is made from it. */
export interface SiteOffer {
  readonly site: Site;
  readonly readOnly: boolean;
  readonly catalogue: Catalogue;
  readonly resources: Resources;
  readonly instructions: string;
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
} as const;

const IMPLEMENTATION: Implementation = {
  name: 'rucio-mcp',
  title: 'Rucio',
  version: VERSION,
};

export function buildOffer(site: Site, readOnly: boolean, catalogue: Catalogue): SiteOffer {
  return {
    site,
    readOnly,
    catalogue,
    resources: buildResources(site),
    instructions: instructionsFor(site, readOnly),
  };
}

/**
 * One MCP server object, for one request of one caller. Both protocol eras are served from it; it
 * holds no state between requests.
 */
export function buildMcpServer(offer: SiteOffer, principal: Principal, deps: CallDeps): Server {
  const server = new Server(IMPLEMENTATION, {
    capabilities: CAPABILITIES,
    instructions: offer.instructions,
    cacheHints: CACHE_HINTS,
  });
  const { account, rucio, scopes, session } = principal;
  const { site, readOnly } = offer;
  const context = {
    rucio,
    account,
    site,
    readOnly,
    session: { scopes, ...session },
    sealer: deps.sealer,
  };
  const subject = { site: site.name, account };
  const call = (name: string, args: unknown, ctx: ServerContext) =>
    callTool(
      offer.catalogue,
      { name, args, signal: ctx.mcpReq.signal },
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
  server.setRequestHandler('resources/list', () => offer.resources.list);
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [] }));
  server.setRequestHandler('resources/read', ({ params }) => offer.resources.read(params.uri));
  server.setRequestHandler('prompts/list', () => PROMPT_LIST);
  server.setRequestHandler('prompts/get', ({ params }, ctx) =>
    getPrompt(params.name, params.arguments ?? {}, async (name, args) => {
      const { kind, result } = await call(name, args, ctx);
      // Prompts call read tools, which never ask.
      if (kind === 'question') return '';
      return result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
    }),
  );
  return server;
}
