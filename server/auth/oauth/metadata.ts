import { OAUTH } from '../../../lib/contract/endpoints';
import { SCOPES } from '../../../lib/contract/scopes';
import type { Site } from '../../../lib/contract/sites';
import type { SiteUrls } from './site-urls';

/** Who issues the tokens of a resource, and for what; what is empty is left out. */
export interface Protection {
  /** Issuer URLs. */
  readonly servers: readonly string[];
  readonly scopes: readonly string[];
}

/**
 * What protects a resource.
 *
 * @param resource - the spelling that the client uses
 * @see RFC 9728 sections 2 and 3.2
 */
export function protectedResourceMetadata(
  site: Site,
  resource: string,
  { servers, scopes }: Protection,
): object {
  return {
    resource,
    ...(servers.length === 0 ? {} : { authorization_servers: servers }),
    ...(scopes.length === 0 ? {} : { scopes_supported: scopes }),
    bearer_methods_supported: ['header'],
    resource_name: `Rucio MCP server: ${site.title ?? site.name}`,
  };
}

/**
 * How to get a token.
 *
 * @see RFC 8414 section 2, RFC 9207 section 3, draft-ietf-oauth-client-id-metadata-document section 5
 */
export function authorizationServerMetadata(
  { issuer, endpoint }: SiteUrls,
  scopes: readonly string[],
  authMethods: readonly string[],
): object {
  return {
    issuer,
    authorization_endpoint: endpoint(OAUTH.authorize),
    token_endpoint: endpoint(OAUTH.token),
    registration_endpoint: endpoint(OAUTH.register),
    revocation_endpoint: endpoint(OAUTH.revoke),
    scopes_supported: scopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_methods_supported: authMethods,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  };
}

/** The scopes that a site can grant: nothing is changed through a read-only server. */
export function scopesOffered(readOnly: boolean): readonly string[] {
  return readOnly ? [SCOPES.read] : [SCOPES.read, SCOPES.write];
}
