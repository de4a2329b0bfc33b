import type { ConfigIssue, IssuePath } from '../issues';
import type { Rule } from '../parse';
import { LONGEST_SUFFIX, type Release, fullName, releaseIssues } from '../release';
import type { AUTH_TYPES } from '../server-document';
import { duplicates } from '../server-document';
import { availabilityRules } from './availability';
import { LabelValue } from './kubernetes';
import { podRules } from './pod-rules';
import type { Values } from './values';

type AuthType = (typeof AUTH_TYPES)[number];
type ValuesRule = Rule<Values>;

/** Shortest bearer, in characters. 32 hexadecimal digits are 128 bits. */
export const MIN_BEARER_LENGTH = 32;

/** Conditions between values. Each issue says which value to change. */
export function valuesRules(release: Release): readonly ValuesRule[] {
  return [
    ...EXPOSURE,
    ...SITES,
    ...SHARED_SECRET,
    ...namesRules(release),
    ...podRules,
    ...availabilityRules,
  ];
}

const issue = (path: IssuePath, message: string, fix: string): ConfigIssue[] => [
  { path, message, fix },
];

const EXPOSURE: readonly ValuesRule[] = [
  {
    reads: [['ingress']],
    check: ({ ingress }) =>
      ingress.enabled && ingress.host === ''
        ? issue(
            ['ingress', 'host'],
            'ingress.enabled=true requires ingress.host',
            'set ingress.host to the public host name, or ingress.enabled to false',
          )
        : [],
  },
  {
    reads: [['gateway']],
    check: ({ gateway }) => [
      ...(gateway.enabled && gateway.host === ''
        ? issue(
            ['gateway', 'host'],
            'gateway.enabled=true requires gateway.host',
            'set gateway.host',
          )
        : []),
      ...(gateway.enabled && gateway.parentRefs.length === 0
        ? issue(
            ['gateway', 'parentRefs'],
            'gateway.enabled=true requires gateway.parentRefs',
            'name the Gateway, e.g. [{name: public, namespace: gateways}]',
          )
        : []),
    ],
  },
  {
    reads: [['auth', 'mode'], ['server', 'resourceUrl'], ['ingress'], ['gateway']],
    check: ({ auth, server, ingress, gateway }) =>
      auth.mode === 'oidc' &&
      server.resourceUrl === '' &&
      (!ingress.enabled || ingress.host === '') &&
      (!gateway.enabled || gateway.host === '')
        ? issue(
            ['server', 'resourceUrl'],
            'auth.mode=oidc requires server.resourceUrl or ingress.host to be set',
            'set the URL that browsers and clients use: it is part of every OAuth redirect',
          )
        : [],
  },
  {
    reads: [
      ['server', 'port'],
      ['server', 'metricsPort'],
      ['service', 'port'],
    ],
    check: ({ server, service }) => [
      ...(server.port === server.metricsPort
        ? issue(
            ['server', 'metricsPort'],
            'is the same port as server.port',
            'choose another port: metrics have a listener of their own',
          )
        : []),
      ...(service.port === server.metricsPort
        ? issue(
            ['service', 'port'],
            'is the same port as server.metricsPort',
            'choose another service.port or server.metricsPort',
          )
        : []),
    ],
  },
];

const SITES: readonly ValuesRule[] = [
  {
    reads: [['auth', 'sites']],
    check: ({ auth }) =>
      duplicates(auth.sites.map((site) => (typeof site === 'string' ? site : site.name))).map(
        (index) => ({
          path: ['auth', 'sites', index],
          message: 'a site of this name is already in the list',
          fix: 'remove it, or give it another name',
        }),
      ),
  },
];

const SHARED_SECRET: readonly ValuesRule[] = [
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sites'],
    ],
    check: ({ auth }) =>
      auth.mode === 'sharedSecret' && auth.sites.length !== 1
        ? issue(
            ['auth', 'sites'],
            'auth.mode=sharedSecret serves exactly one site: set auth.sites to a single entry',
            'set auth.sites, e.g. [atlas]',
          )
        : [],
  },
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sharedSecret', 'rucioAccount'],
    ],
    check: ({ auth }) =>
      auth.mode === 'sharedSecret' && auth.sharedSecret.rucioAccount === ''
        ? issue(
            ['auth', 'sharedSecret', 'rucioAccount'],
            'auth.mode=sharedSecret requires auth.sharedSecret.rucioAccount',
            'set it to the Rucio account of the robot',
          )
        : [],
  },
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sharedSecret', 'existingSecret'],
      ['auth', 'sharedSecret', 'secretValue'],
    ],
    check: ({ auth }) => {
      const { existingSecret, secretValue } = auth.sharedSecret;
      if (auth.mode !== 'sharedSecret' || existingSecret !== '') return [];
      const path = ['auth', 'sharedSecret', secretValue === '' ? 'existingSecret' : 'secretValue'];
      if (secretValue === '') {
        return issue(
          path,
          'auth.mode=sharedSecret requires auth.sharedSecret.existingSecret or ' +
            'auth.sharedSecret.secretValue',
          'create a Secret with the key "shared-secret" and name it here',
        );
      }
      return secretValue.length < MIN_BEARER_LENGTH
        ? issue(path, `has fewer than ${MIN_BEARER_LENGTH} characters`, 'use: openssl rand -hex 32')
        : [];
    },
  },
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sharedSecret'],
    ],
    check: ({ auth }) =>
      auth.mode === 'sharedSecret' ? missingCredentials(auth.sharedSecret) : [],
  },
];

/** The settings that each authentication type can not do without. */
const REQUIRED: Record<
  AuthType,
  readonly [section: keyof Values['auth']['sharedSecret'], ...string[]]
> = {
  userpass: ['userpass', 'existingSecret'],
  x509: ['x509', 'existingSecret', 'certKey', 'keyKey'],
  x509_proxy: ['x509', 'existingSecret', 'proxyKey'],
  ssh: ['ssh', 'existingSecret'],
  gss: ['gss', 'existingSecret', 'principal'],
  saml: ['saml', 'existingSecret'],
  oidc: ['oidc', 'existingSecret', 'tokenEndpoint'],
};

function missingCredentials(settings: Values['auth']['sharedSecret']): ConfigIssue[] {
  const type = settings.authType as AuthType;
  const [section, ...fields] = REQUIRED[type];
  const given = settings[section] as Record<string, string>;
  return fields
    .filter((field) => given[field] === '')
    .flatMap((field) =>
      issue(
        ['auth', 'sharedSecret', section, field],
        `auth.sharedSecret.authType ${type} requires auth.sharedSecret.${section}.${field}`,
        field === 'existingSecret'
          ? 'create a Secret with the credentials and name it here'
          : 'name the key of that Secret, or the setting, here',
      ),
    );
}

function namesRules(release: Release): readonly ValuesRule[] {
  const longest = 63 - LONGEST_SUFFIX;
  return [
    { reads: [], check: () => releaseIssues(release) },
    {
      reads: [['nameOverride']],
      check: ({ nameOverride }) =>
        LabelValue.safeParse(nameOverride).success
          ? []
          : issue(
              ['nameOverride'],
              'is not a label value, and it is app.kubernetes.io/name',
              'use at most 63 letters, digits, "-", "_" and "."',
            ),
    },
    {
      reads: [['nameOverride'], ['fullnameOverride']],
      check: (values) => {
        const name = fullName(release, values);
        const path = [values.fullnameOverride === '' ? 'nameOverride' : 'fullnameOverride'];
        if (!/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)) {
          return issue(
            path,
            `the objects' name "${name}" is not a DNS label (RFC 1035)`,
            'use lower-case letters, digits and inner hyphens, and start with a letter',
          );
        }
        return name.length > longest
          ? issue(
              path,
              `the objects' name "${name}" has more than ${longest} characters`,
              'choose a shorter release name or set fullnameOverride: suffixes are put behind it',
            )
          : [];
      },
    },
  ];
}
