import { sitePath } from '../../../lib/contract/endpoints';

/** The URLs of a site's authorization server and of what it protects. From the configuration only. */
export interface SiteUrls {
  /** Issuer, audience, and the resource without the trailing slash. */
  readonly issuer: string;
  /** Both spellings of the resource. */
  readonly resources: readonly [plain: string, slashed: string];
  /** Path of the site, e.g. `/site/atlas`. */
  readonly path: string;
  readonly origin: string;
  readonly endpoint: (name: string) => string;
}

/** @param publicUrl - the URL that clients use, without path */
export function siteUrls(publicUrl: string, site: string): SiteUrls {
  const { origin } = new URL(publicUrl);
  const path = sitePath(site);
  const issuer = `${origin}${path}`;
  return {
    issuer,
    resources: [issuer, `${issuer}/`],
    path,
    origin,
    endpoint: (name) => `${issuer}/${name}`,
  };
}

/** Where a resource's metadata is. @see RFC 9728 section 3.1 */
export function resourceMetadataPath(resourcePath: string): string {
  return `/.well-known/oauth-protected-resource${resourcePath}`;
}
