import type { FastifyBaseLogger } from 'fastify';

import type { Site } from '../../../lib/contract/sites';
import type { Brand } from '../../pages/page';
import type { ClientLimits } from './client-limits';
import type { OAuthClient } from './clients/client';
import type { ClientDocuments } from './clients/client-documents';
import { looksLikeDocumentUrl } from './clients/document-url';
import { registeredClient } from './clients/registration';
import type { GrantStore } from './grant-store';
import type { RecordEvent } from './record-event';
import type { Renewals } from './renewals';
import type { RucioLogin } from './rucio-login';
import type { SiteUrls } from './site-urls';
import type { Vault } from './vault';

/** The authorization server of one site: everything that its endpoints work with. */
export interface OAuthSite {
  readonly site: Site;
  readonly urls: SiteUrls;
  /** What its pages are signed with. */
  readonly brand: Brand;
  /** What can be granted here. */
  readonly scopes: readonly string[];
  readonly vault: Vault;
  readonly grants: GrantStore;
  /** Clients of the settings, by id. */
  readonly clients: ReadonlyMap<string, OAuthClient>;
  readonly documents: ClientDocuments;
  readonly login: RucioLogin;
  readonly limits: ClientLimits;
  readonly renewals: Renewals;
  /** Counts and audits what happens. */
  readonly record: RecordEvent;
  /** In milliseconds since the epoch. */
  readonly clock: () => number;
  readonly log: FastifyBaseLogger;
}

/** The client of an id, from the settings, its document or its registration. */
export async function findClient(
  { clients, vault, documents }: Pick<OAuthSite, 'clients' | 'vault' | 'documents'>,
  id: string,
): Promise<OAuthClient | undefined> {
  const known = clients.get(id);
  if (known !== undefined) return known;
  return looksLikeDocumentUrl(id) ? documents.find(id) : registeredClient(vault, id);
}

/** Whether an id is that of a client, as far as nothing has to be fetched to know it. */
export async function isKnownClient(
  { clients, vault, documents }: Pick<OAuthSite, 'clients' | 'vault' | 'documents'>,
  id: string,
): Promise<boolean> {
  return (
    clients.has(id) || documents.knows(id) || (await registeredClient(vault, id)) !== undefined
  );
}
