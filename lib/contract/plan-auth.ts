import { MOUNTS } from './endpoints';
import type { Plan, SecretMount } from './plan';
import type { AUTH_TYPES, RobotCredentials, ServerAuth } from './server-document';
import type { StaticClient } from './static-clients';
import { userpassSecret } from './values/environment-credentials';
import type { Values } from './values/values';

/** What the chosen mode needs: its part of the document, and the Secrets that are mounted. */
export interface AuthPlan {
  readonly server: ServerAuth;
  readonly secrets: readonly SecretMount[];
  /** The bearer that the values carry. */
  readonly bearerSecret: Plan['bearerSecret'];
}

export function authPlan(values: Values, name: string): AuthPlan {
  return values.auth.mode === 'oidc' ? oidcPlan(values) : sharedSecretPlan(values, name);
}

function oidcPlan({ auth, stateStore: { redis } }: Values): AuthPlan {
  const { existingSecret, key } = auth.oidc.sealingKeys;
  const mount =
    existingSecret === '' ? null : mountKeys('sealing', existingSecret, MOUNTS.bearer, [key]);
  const sealingKeysFile = mount === null ? null : `${mount.directory}/${key}`;
  if (auth.oidc.tokenFormat === 'passthrough') {
    return {
      server: { mode: 'oidc', tokenFormat: 'passthrough', sealingKeysFile },
      secrets: mount === null ? [] : [mount],
      bearerSecret: null,
    };
  }
  const store =
    redis.existingSecret === '' || redis.url === ''
      ? null
      : mountKeys(
          'redis',
          redis.existingSecret,
          MOUNTS.redis,
          [redis.passwordKey, redis.caKey].filter((name) => name !== ''),
        );
  const clients = auth.oidc.clients.map(clientPlan);
  return {
    server: {
      mode: 'oidc',
      login: auth.oidc.login,
      tokenFormat: 'jwe',
      clients: clients.map(({ client }) => client),
      sealingKeysFile,
      redis:
        redis.url === ''
          ? null
          : {
              url: redis.url,
              username: redis.username,
              passwordFile: store === null ? null : `${store.directory}/${redis.passwordKey}`,
              caFile:
                store === null || redis.caKey === '' ? null : `${store.directory}/${redis.caKey}`,
            },
    },
    secrets: [mount, store, ...clients.map((it) => it.mount)].filter((secret) => secret !== null),
    bearerSecret: null,
  };
}

/** A client and the Secret that it has, each in a directory of its own. */
function clientPlan(
  { clientId, clientName, redirectUris, existingSecret, secretKey }: StaticClientValues,
  index: number,
): { readonly client: StaticClient; readonly mount: SecretMount | null } {
  const identity = { clientId, clientName, redirectUris };
  if (existingSecret === '') return { client: { ...identity, secretFile: null }, mount: null };
  const directory = `${MOUNTS.clients}/${clientId}`;
  const mount = mountKeys(`client-${index}`, existingSecret, directory, [secretKey]);
  return { client: { ...identity, secretFile: `${directory}/${secretKey}` }, mount };
}

function sharedSecretPlan(values: Values, name: string): AuthPlan {
  const settings = values.auth.sharedSecret;
  const own = settings.existingSecret === '';
  const bearer = mountKeys(
    'bearer',
    own ? `${name}-shared-secret` : settings.existingSecret,
    MOUNTS.bearer,
    [own ? 'shared-secret' : settings.existingSecretKey],
  );
  const { credentials, mount } = robotPlan(values);
  return {
    server: {
      mode: 'sharedSecret',
      bearerFile: `${bearer.directory}/${bearer.keys[0] ?? ''}`,
      account: settings.rucioAccount,
      credentials,
    },
    secrets: [bearer, ...[mount].filter(({ secret }) => secret !== ''), ...certificates(settings)],
    bearerSecret: own
      ? { name: bearer.secret, key: 'shared-secret', value: settings.secretValue }
      : null,
  };
}

/**
 * The Secret of `x509` is mounted as a whole where another authentication type leaves it to the
 * operator: so did the chart, and `extraEnv` may name files in it.
 */
function certificates({ authType, x509 }: SharedSecretValues): SecretMount[] {
  if (x509.existingSecret === '' || authType.startsWith('x509')) return [];
  return [mountKeys('x509-creds', x509.existingSecret, x509.mountPath, [])];
}

type StaticClientValues = Values['auth']['oidc']['clients'][number];
type SharedSecretValues = Values['auth']['sharedSecret'];
type AuthType = (typeof AUTH_TYPES)[number];

/** Where a user name and a password are. */
type UserSection = Pick<
  Values['auth']['sharedSecret']['userpass'],
  'existingSecret' | 'usernameKey' | 'passwordKey'
>;

/** Credentials and the Secret that holds them; {@link valuesRules} has made sure of the keys. */
function robotPlan(values: Values): {
  credentials: RobotCredentials;
  mount: SecretMount;
} {
  const settings = values.auth.sharedSecret;
  const type = settings.authType as AuthType;
  const rucio = (secret: string, keys: string[]) =>
    mountKeys('rucio-credentials', secret, MOUNTS.rucio, keys);
  const at = (mount: SecretMount, key: string) => `${mount.directory}/${key}`;
  const user = (
    section: UserSection,
    credentials: (files: { usernameFile: string; passwordFile: string }) => RobotCredentials,
  ) => {
    const { existingSecret, usernameKey, passwordKey } = section;
    const mount = rucio(existingSecret, [usernameKey, passwordKey]);
    const usernameFile = at(mount, usernameKey);
    return {
      credentials: credentials({ usernameFile, passwordFile: at(mount, passwordKey) }),
      mount,
    };
  };
  switch (type) {
    case 'userpass': {
      const section = userpassSecret(values) ?? settings.userpass;
      return user(section, (files) => ({ type, ...files }));
    }
    case 'saml': {
      const { identityProvider } = settings.saml;
      return user(settings.saml, (files) => ({ type, identityProvider, ...files }));
    }
    case 'x509': {
      const { existingSecret, certKey, keyKey, mountPath } = settings.x509;
      const mount = mountKeys('x509-creds', existingSecret, mountPath, [certKey, keyKey]);
      return {
        credentials: { type, certFile: at(mount, certKey), keyFile: at(mount, keyKey) },
        mount,
      };
    }
    case 'x509_proxy': {
      const { existingSecret, proxyKey, mountPath } = settings.x509;
      const mount = mountKeys('x509-creds', existingSecret, mountPath, [proxyKey]);
      return { credentials: { type, proxyFile: at(mount, proxyKey) }, mount };
    }
    case 'ssh': {
      const { existingSecret, privateKeyKey } = settings.ssh;
      const mount = rucio(existingSecret, [privateKeyKey]);
      return { credentials: { type, privateKeyFile: at(mount, privateKeyKey) }, mount };
    }
    case 'gss': {
      const { existingSecret, keytabKey, krb5ConfKey, principal } = settings.gss;
      const keys = [keytabKey, krb5ConfKey].filter((key) => key !== '');
      const mount = rucio(existingSecret, keys);
      const krb5ConfFile = krb5ConfKey === '' ? null : at(mount, krb5ConfKey);
      const keytabFile = at(mount, keytabKey);
      return { credentials: { type, principal, keytabFile, krb5ConfFile }, mount };
    }
    case 'oidc': {
      const { existingSecret, clientIdKey, clientSecretKey, ...rest } = settings.oidc;
      const mount = rucio(existingSecret, [clientIdKey, clientSecretKey]);
      const files = {
        clientIdFile: at(mount, clientIdKey),
        clientSecretFile: at(mount, clientSecretKey),
      };
      return { credentials: { type, ...files, ...rest }, mount };
    }
  }
}

function mountKeys(volume: string, secret: string, directory: string, keys: string[]): SecretMount {
  return { volume, secret, directory, keys: [...new Set(keys)] };
}
