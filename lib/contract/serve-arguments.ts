import type { Plan } from './plan';

/** The variables by which Rucio's own clients are told who they are. None holds a secret. */
export const RUCIO_VARIABLES = {
  account: 'RUCIO_ACCOUNT',
  authType: 'RUCIO_AUTH_TYPE',
  clientCert: 'RUCIO_CLIENT_CERT',
  clientKey: 'RUCIO_CLIENT_KEY',
  userProxy: 'X509_USER_PROXY',
  certDir: 'X509_CERT_DIR',
} as const;

/**
 * The arguments of `rucio-mcp serve`: those that the Helm chart gives to the Python server, in its
 * order. Both servers read them; ours lets them win over its document.
 *
 * Only the Python server is told the authentication type by a flag as well, and not `x509`: it takes
 * that flag for a proxy certificate, and only the variable for certificate and key.
 */
export function serveArguments({ values, publicUrl }: Plan): string[] {
  const { server, auth, forwardedAllowIps: ips } = values;
  const shared = auth.mode === 'sharedSecret';
  const { authType } = auth.sharedSecret;
  const isFlagged = shared && values.runtime.kind === 'pixi' && authType !== 'x509';
  const url = shared ? server.resourceUrl : (publicUrl ?? '');
  return [
    'serve',
    ...['--transport', 'http'],
    ...['--host', server.host],
    ...['--port', String(server.port)],
    ...['--metrics-port', String(server.metricsPort)],
    ...['--forwarded-allow-ips', typeof ips === 'string' ? ips : ips.join(',')],
    ...['--log-level', values.logLevel],
    ...auth.sites.flatMap((site) => ['--site', typeof site === 'string' ? site : site.name]),
    ...(values.readOnly ? ['--read-only'] : []),
    ...(isFlagged ? ['--auth-type', authType] : []),
    ...(url === '' ? [] : ['--resource-url', url]),
    ...values.extraArgs,
  ];
}

/** Who the robot is, as variables; empty in `oidc` mode. */
export function rucioVariables({ values: { auth } }: Plan): { name: string; value: string }[] {
  if (auth.mode === 'oidc') return [];
  const { authType, rucioAccount, x509, x509CertDir } = auth.sharedSecret;
  const at = (key: string) => `${x509.mountPath}/${key}`;
  const entries: [string, string][] = [
    [RUCIO_VARIABLES.account, rucioAccount],
    [RUCIO_VARIABLES.authType, authType],
  ];
  if (authType === 'x509') {
    entries.push([RUCIO_VARIABLES.clientCert, at(x509.certKey)]);
    entries.push([RUCIO_VARIABLES.clientKey, at(x509.keyKey)]);
  }
  if (authType === 'x509_proxy') entries.push([RUCIO_VARIABLES.userProxy, at(x509.proxyKey)]);
  if (x509CertDir !== '') entries.push([RUCIO_VARIABLES.certDir, x509CertDir]);
  return entries.map(([name, value]) => ({ name, value }));
}
