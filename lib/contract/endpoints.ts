/**
 * Ports and paths, written once: probes, Services, NetworkPolicies, monitors, routes and the
 * server's own listeners read them from here.
 */
export const PORTS = {
  /** MCP, OAuth and health. */
  http: 9000,
  /** Prometheus metrics, on a listener of their own that no public Service reaches. */
  metrics: 9001,
} as const;

/** Names of the container and Service ports. */
export const PORT_NAMES = { http: 'http', metrics: 'metrics' } as const;

export const PATHS = {
  /** Liveness: the process answers. Never looks at Rucio. */
  healthz: '/healthz',
  /** Readiness: configuration and secrets are loaded and the server is not draining. */
  readyz: '/readyz',
  metrics: '/metrics',
  /** Prefix of every site's endpoint. */
  sites: '/site',
} as const;

/** What follows a site's path in the URLs of its authorization server. */
export const OAUTH = {
  authorize: 'authorize',
  consent: 'consent',
  /** Where the browser waits for the sign-in at Rucio. */
  bridge: 'bridge',
  status: 'bridge/status',
  finish: 'bridge/finish',
  token: 'token',
  register: 'register',
  revoke: 'revoke',
} as const;

/** The MCP endpoint of a site, without the trailing slash that is served as well. */
export function sitePath(site: string): string {
  return `${PATHS.sites}/${site}`;
}

/** Where the pages ask whether the Rucio of a site answers. */
export function siteStatusPath(site: string): string {
  return `${sitePath(site)}/status`;
}

/** What is told there. */
export interface SiteStatus {
  readonly rucio: 'up' | 'down';
}

/** Where the container finds what the manifests mount. Absolute paths inside the pod. */
export const MOUNTS = {
  config: '/etc/rucio-mcp/config',
  bundle: '/opt/rucio-mcp/bundle',
  /** The image as a volume. */
  image: '/opt/rucio-mcp/image',
  bearer: '/etc/rucio-mcp/secrets/bearer',
  rucio: '/etc/rucio-mcp/secrets/rucio',
  redis: '/etc/rucio-mcp/secrets/redis',
  /** Of confidential clients, a directory each. */
  clients: '/etc/rucio-mcp/secrets/clients',
} as const;

/** File name of the server document inside {@link MOUNTS.config}. */
export const SERVER_DOCUMENT_FILE = 'server.json';

/** The environment variables that the manifests set and the server reads. None holds a secret. */
export const ENVIRONMENT = {
  /** Path of the server document. */
  config: 'RUCIO_MCP_CONFIG',
  /**
   * Directory below which all paths of the server document are looked up; unset means `/`. It lets
   * a pod run unprivileged on a laptop, as `chroot` would.
   */
  filesRoot: 'RUCIO_MCP_FILES_ROOT',
  bundleDir: 'RUCIO_MCP_BUNDLE_DIR',
  bundleSha256: 'RUCIO_MCP_BUNDLE_SHA256',
  /** How many chunks make the bundle: one more or less in the directory is refused. */
  bundleChunks: 'RUCIO_MCP_BUNDLE_CHUNKS',
} as const;
