import { RUCIO_VARIABLES } from '../../lib/contract/serve-arguments';

/** The variables of Rucio's own clients, and those of grid tools, that we read. */
export const LOCAL_VARIABLES = {
  ...RUCIO_VARIABLES,
  config: 'RUCIO_CONFIG',
  rucioHome: 'RUCIO_HOME',
  virtualEnv: 'VIRTUAL_ENV',
  vo: 'RUCIO_VO',
  clientProxy: 'RUCIO_CLIENT_PROXY',
  bearerToken: 'BEARER_TOKEN',
  bearerTokenFile: 'BEARER_TOKEN_FILE',
  runtimeDir: 'XDG_RUNTIME_DIR',
  home: 'HOME',
  path: 'PATH',
  krb5Config: 'KRB5_CONFIG',
  krb5Cache: 'KRB5CCNAME',
  krb5ClientKeytab: 'KRB5_CLIENT_KTNAME',
} as const;

export type LocalEnvironment = { readonly [K in keyof typeof LOCAL_VARIABLES]: string | undefined };

/** The environment as far as local use knows it; empty variables count as unset. */
export function readLocalEnvironment(env: NodeJS.ProcessEnv = process.env): LocalEnvironment {
  const entries = Object.entries(LOCAL_VARIABLES).map(([key, name]) => [
    key,
    env[name] || undefined,
  ]);
  return Object.fromEntries(entries) as LocalEnvironment;
}

/** The whole environment, for a command of the user's that we run: kubectl finds its cluster by it. */
export function commandEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return env;
}
