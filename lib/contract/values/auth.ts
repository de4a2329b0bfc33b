import { z } from 'zod';

import { AUTH_TYPES, AccountName, HttpsOrigin, TokenEndpoint } from '../server-document';
import { SITE_PRESET_NAMES, Site } from '../sites';
import { StaticClientIdentity, staticClients } from '../static-clients';
import { DataKey, OptionalDataKey, OptionalObjectName } from './kubernetes';

export const SiteChoice = z.union([z.enum(SITE_PRESET_NAMES as [string, ...string[]]), Site]).meta({
  description: `A preset (${SITE_PRESET_NAMES.join(', ')}) or a map with name, rucioHost, authHost`,
});

const username = DataKey.default('username');
const password = DataKey.default('password');

const AuthSharedSecret = z
  .strictObject({
    authType: z
      .enum(AUTH_TYPES as [string, ...string[]])
      .default('x509')
      .meta({ description: 'How the robot signs in at Rucio (RUCIO_AUTH_TYPE)' }),
    rucioAccount: z
      .union([z.literal(''), AccountName])
      .default('')
      .meta({ description: 'The Rucio account of the robot', examples: ['robot'] }),
    existingSecret: OptionalObjectName.meta({
      description: 'Secret that holds the bearer which clients present',
    }),
    existingSecretKey: DataKey.default('shared-secret').meta({
      description: 'Key of the bearer in that Secret',
    }),
    secretValue: z
      .string()
      .default('')
      .meta({
        description:
          'The bearer itself, for trials: a Secret is made from it. Prefer existingSecret, which ' +
          'keeps it out of values, shell history and version control',
      }),
    userpass: z
      .strictObject({
        existingSecret: OptionalObjectName.meta({ description: 'Name of the Secret' }),
        usernameKey: username,
        passwordKey: password,
      })
      .prefault({})
      .meta({ description: 'authType userpass: the Secret with user name and password' }),
    x509: z
      .strictObject({
        existingSecret: OptionalObjectName.meta({ description: 'Name of the Secret' }),
        proxyKey: OptionalDataKey,
        certKey: OptionalDataKey,
        keyKey: OptionalDataKey,
        mountPath: z
          .string()
          .regex(/^(\/[A-Za-z0-9._-]+)+$/, { error: 'must be an absolute path without ".."' })
          .default('/etc/grid-security/rucio')
          .meta({ description: 'Where the Secret is mounted' }),
      })
      .prefault({})
      .meta({ description: 'authType x509 and x509_proxy: the Secret with certificate and key' }),
    x509CertDir: z.string().default('').meta({
      description: 'Directory of trusted CA certificates in the pod (X509_CERT_DIR)',
    }),
    ssh: z
      .strictObject({
        existingSecret: OptionalObjectName.meta({ description: 'Name of the Secret' }),
        privateKeyKey: DataKey.default('ssh-privatekey'),
      })
      .prefault({})
      .meta({ description: 'authType ssh: the Secret with an RSA key' }),
    gss: z
      .strictObject({
        existingSecret: OptionalObjectName.meta({ description: 'Name of the Secret' }),
        keytabKey: DataKey.default('krb5.keytab'),
        krb5ConfKey: OptionalDataKey.meta({
          description: 'Key of a krb5.conf in that Secret; "": the image\'s own, or else DNS',
        }),
        principal: z
          .string()
          .default('')
          .meta({
            description: 'Kerberos principal of the robot, with its realm',
            examples: ['robot@EXAMPLE.ORG'],
          }),
      })
      .prefault({})
      .meta({ description: 'authType gss: the Secret with a Kerberos keytab' }),
    saml: z
      .strictObject({
        existingSecret: OptionalObjectName.meta({ description: 'Name of the Secret' }),
        usernameKey: username,
        passwordKey: password,
        identityProvider: z
          .union([z.literal(''), HttpsOrigin])
          .default('')
          .meta({
            description:
              'Scheme, host and port of the identity provider, https: the password is sent nowhere else',
            examples: ['https://idp.example.org'],
          }),
      })
      .prefault({})
      .meta({ description: 'authType saml: the Secret with user name and password' }),
    oidc: z
      .strictObject({
        existingSecret: OptionalObjectName.meta({ description: 'Name of the Secret' }),
        clientIdKey: DataKey.default('client-id'),
        clientSecretKey: DataKey.default('client-secret'),
        tokenEndpoint: z
          .union([z.literal(''), TokenEndpoint])
          .default('')
          .meta({
            description: "The identity provider's token endpoint, https",
            examples: ['https://idp.example.org/token'],
          }),
        scope: z
          .string()
          .min(1)
          .default('openid profile')
          .meta({ description: 'Scope that is asked for' }),
        audience: z
          .string()
          .min(1)
          .default('rucio')
          .meta({ description: 'Audience that is asked for' }),
      })
      .prefault({})
      .meta({ description: 'authType oidc: client credentials of a robot' }),
  })
  .prefault({})
  .meta({ description: 'Settings of auth.mode sharedSecret' });

const StaticClientChoice = StaticClientIdentity.extend({
  existingSecret: OptionalObjectName.meta({
    description: 'Secret with what a confidential client proves itself with; "": a public client',
  }),
  secretKey: DataKey.default('client-secret').meta({
    description: 'Key in that Secret: one secret a line, at least 32 characters each',
  }),
  clientSecret: z
    .never({ error: 'a secret must not stand in values: they end in a ConfigMap' })
    .optional()
    .meta({
      description: 'Nothing: a secret is refused here',
      fix: 'put it into a Secret, and name that in existingSecret',
    }),
}).meta({ description: 'A client that is known without registration' });

const AuthOidc = z
  .strictObject({
    login: z.enum(['poll', 'code']).default('poll').meta({
      description: 'poll: wait for the login; code: the user pastes a code (phishing-resistant)',
    }),
    tokenFormat: z
      .enum(['jwe', 'passthrough'])
      .default('jwe')
      .meta({
        description:
          "jwe: our own sealed tokens; passthrough: clients bring the user's Rucio token, without a " +
          'sign-in here. MCP forbids it: read docs/security.md first',
      }),
    clients: staticClients(StaticClientChoice).default([]),
    sealingKeys: z
      .strictObject({
        existingSecret: OptionalObjectName.meta({ description: 'Name of the Secret' }),
        key: DataKey.default('sealing-keys'),
      })
      .prefault({})
      .meta({ description: 'Secret with the keys that seal tokens; needed for more replicas' }),
  })
  .prefault({})
  .meta({ description: 'Settings of auth.mode oidc' });

export const Auth = z
  .strictObject({
    mode: z.enum(['oidc', 'sharedSecret']).default('oidc').meta({
      description:
        'oidc: every user signs in as themselves; sharedSecret: one robot behind one bearer',
    }),
    sites: z
      .array(SiteChoice)
      .default([...SITE_PRESET_NAMES])
      .meta({
        description: 'The Rucio instances to serve, each at /site/<name>/',
        fix: 'name at least one site',
      }),
    sharedSecret: AuthSharedSecret,
    oidc: AuthOidc,
  })
  .prefault({})
  .meta({ description: 'Who may use the server, and as whom it works at Rucio' });
