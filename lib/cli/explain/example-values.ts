import { mergeValues } from '../values/merge-values';
import type { ValuesMap } from '../values/values-map';

/** What a deployment of either mode needs beside the defaults. */
const BASE = {
  auth: {
    sites: ['atlas'],
    sharedSecret: {
      authType: 'userpass',
      rucioAccount: 'robot',
      existingSecret: 'rucio-mcp-bearer',
      userpass: { existingSecret: 'rucio-robot' },
    },
  },
  ingress: { host: 'rucio-mcp.example.com' },
};

const existingSecret = 'rucio-robot';

/** The robots whose settings stand in a section of their own below `auth.sharedSecret`. */
const ROBOTS: Readonly<Record<string, ValuesMap>> = {
  userpass: {},
  x509: { x509: { existingSecret, certKey: 'tls.crt', keyKey: 'tls.key' } },
  x509_proxy: { x509: { existingSecret, proxyKey: 'x509up' } },
  ssh: { ssh: { existingSecret } },
  gss: { gss: { existingSecret, principal: 'robot@EXAMPLE.ORG' } },
  saml: { saml: { existingSecret, identityProvider: 'https://idp.example.org' } },
  oidc: { oidc: { existingSecret, tokenEndpoint: 'https://idp.example.org/token' } },
};

/**
 * Values of a deployment in which a value means something, for where the given ones make none.
 *
 * @param path - of the value; undefined: of all
 */
export function exampleValues(path: string | undefined): ValuesMap {
  const [, rest] = /^auth\.sharedSecret(?:\.|$)(.*)/.exec(path ?? '') ?? [];
  if (rest === undefined) return mergeValues({ files: [BASE] });
  const authType = rest === 'x509.proxyKey' ? 'x509_proxy' : (rest.split('.')[0] ?? '');
  const robot = ROBOTS[authType];
  return mergeValues({
    files: [
      BASE,
      { auth: { mode: 'sharedSecret' } },
      ...(robot === undefined ? [] : [{ auth: { sharedSecret: { authType, ...robot } } }]),
      // The usual image has no Kerberos.
      ...(authType === 'gss' ? [{ image: { tag: '24-trixie' } }] : []),
    ],
  });
}
