import { LRUCache } from 'lru-cache';
import { z } from 'zod';

import { isRedirectUri } from '../../../../lib/contract/redirect-uri';
import type { OAuthClient } from './client';
import { parseDocumentUrl } from './document-url';
import { DocumentUnavailable, type FetchDeps, fetchDocument } from './fetch-document';
import { cleanName } from './registration';

const MAX_CACHED = 256;
const DEFAULT_AGE_SECONDS = 300;
const MAX_AGE_SECONDS = 86_400;
const SECRET_METHODS = new Set(['client_secret_basic', 'client_secret_post', 'client_secret_jwt']);

const ClientDocument = z.object({
  client_id: z.string(),
  client_name: z.string().min(1),
  redirect_uris: z.array(z.string()).min(1).max(32),
  token_endpoint_auth_method: z.string().optional(),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
  client_secret: z.undefined().optional(),
  client_secret_expires_at: z.undefined().optional(),
});

export interface ClientDocumentDeps extends FetchDeps {
  readonly clock?: () => number;
  /** Ports that documents may be fetched from. @default 443 */
  readonly ports?: readonly number[];
}

/**
 * Clients that are known by the URL of their metadata document. Failures are not remembered.
 *
 * @see draft-ietf-oauth-client-id-metadata-document
 */
export class ClientDocuments {
  readonly #deps: ClientDocumentDeps;
  readonly #known: LRUCache<string, OAuthClient>;
  readonly #pending = new Map<string, Promise<OAuthClient>>();

  constructor(deps: ClientDocumentDeps = {}) {
    this.#deps = deps;
    const { clock } = deps;
    this.#known = new LRUCache({
      max: MAX_CACHED,
      ...(clock === undefined ? {} : { perf: { now: clock }, ttlResolution: 0 }),
    });
  }

  /** Whether the document of this client was fetched a while ago, and still counts. */
  knows(clientId: string): boolean {
    return this.#known.has(clientId);
  }

  /** @returns `undefined` for whatever reason: the URL, the network or the document */
  async find(clientId: string): Promise<OAuthClient | undefined> {
    const known = this.#known.get(clientId);
    if (known !== undefined) return known;
    const url = parseDocumentUrl(clientId, this.#deps.ports ?? [443]);
    if (url === undefined) return undefined;
    try {
      let pending = this.#pending.get(clientId);
      if (pending === undefined) {
        pending = this.#fetch(clientId, url).finally(() => this.#pending.delete(clientId));
        this.#pending.set(clientId, pending);
      }
      return await pending;
    } catch (error) {
      if (error instanceof DocumentUnavailable) return undefined;
      throw error;
    }
  }

  async #fetch(clientId: string, url: URL): Promise<OAuthClient> {
    const { text, cacheControl } = await fetchDocument(url, this.#deps);
    const client = toClient(clientId, url, text);
    const seconds = ageOf(cacheControl);
    if (seconds > 0) this.#known.set(clientId, client, { ttl: seconds * 1000 });
    return client;
  }
}

function toClient(clientId: string, { host }: URL, text: string): OAuthClient {
  const parsed = ClientDocument.safeParse(parseJson(text));
  if (!parsed.success) throw new DocumentUnavailable('not a client', { cause: parsed.error });
  const document = parsed.data;
  const grants = document.grant_types ?? ['authorization_code'];
  const responses = document.response_types ?? ['code'];
  const isSound =
    document.client_id === clientId &&
    !SECRET_METHODS.has(document.token_endpoint_auth_method ?? 'none') &&
    grants.includes('authorization_code') &&
    responses.includes('code') &&
    document.redirect_uris.every(isRedirectUri);
  if (!isSound) throw new DocumentUnavailable('not a client that can be served');
  return {
    id: clientId,
    name: cleanName(document.client_name),
    host,
    isConfigured: false,
    redirects: document.redirect_uris,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @see RFC 9111 section 5.2.2 */
function ageOf(cacheControl: string): number {
  const directives = cacheControl.toLowerCase();
  if (/\b(?:no-store|no-cache)\b/.test(directives)) return 0;
  const age = /\bmax-age=(\d{1,9})\b/.exec(directives)?.[1];
  return age === undefined ? DEFAULT_AGE_SECONDS : Math.min(Number(age), MAX_AGE_SECONDS);
}
