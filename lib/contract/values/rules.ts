import { didYouMean } from '../did-you-mean';
import type { ConfigIssue, IssuePath } from '../issues';
import type { Rule } from '../parse';
import { type Release, fullName, releaseIssues } from '../release';
import { duplicates } from '../duplicates';
import { LabelValue } from './kubernetes';
import { operationsRules } from './operations-rules';
import { pixiRules } from './pixi-rules';
import { podRules } from './pod-rules';
import type { Values } from './values';

type ValuesRule = Rule<Values>;

/** Conditions between values. Each issue says which value to change. */
export function valuesRules(release: Release): readonly ValuesRule[] {
  return [
    ...EXPOSURE,
    ...SITES,
    ...SHARED_SECRET,
    ...namesRules(release),
    ...podRules,
    ...operationsRules,
    ...pixiRules,
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

const nameOf = (site: Values['auth']['sites'][number]) =>
  typeof site === 'string' ? site : site.name;

const SITES: readonly ValuesRule[] = [
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sites'],
    ],
    check: ({ auth }) =>
      auth.mode === 'oidc' && auth.sites.length === 0
        ? issue(['auth', 'sites'], 'is empty', 'name at least one site')
        : [],
  },
  {
    reads: [['auth', 'sites']],
    check: ({ auth }) =>
      duplicates(auth.sites.map(nameOf)).map((index) => ({
        path: ['auth', 'sites', index],
        message: 'a site of this name is already in the list',
        fix: 'remove it, or give it another name',
      })),
  },
  {
    reads: [
      ['auth', 'sites'],
      ['server', 'brands'],
    ],
    check: ({ auth, server }) => {
      const names = auth.sites.map(nameOf);
      return Object.keys(server.brands)
        .filter((name) => !names.includes(name))
        .map((name) => {
          const near = didYouMean(name, names);
          return {
            path: ['server', 'brands', name],
            message: near === undefined ? 'names no site of auth.sites' : `did you mean "${near}"?`,
            fix: `use the name of a site: ${names.join(', ')}`,
          };
        });
    },
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
      if (secretValue !== '') return [];
      return issue(
        ['auth', 'sharedSecret', 'existingSecret'],
        'auth.mode=sharedSecret requires auth.sharedSecret.existingSecret or ' +
          'auth.sharedSecret.secretValue',
        'create a Secret with the key "shared-secret" and name it here',
      );
    },
  },
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sharedSecret'],
    ],
    check: ({ auth }) => (auth.mode === 'sharedSecret' ? missingX509(auth.sharedSecret) : []),
  },
];

/** What a certificate can not be found without: an empty key would be the directory itself. */
function missingX509({ authType, x509 }: Values['auth']['sharedSecret']): ConfigIssue[] {
  if (authType !== 'x509' && authType !== 'x509_proxy') return [];
  const at = (field: string) => ['auth', 'sharedSecret', 'x509', field];
  const issues: ConfigIssue[] = [];
  if (x509.existingSecret === '') {
    issues.push({
      path: at('existingSecret'),
      message:
        'auth.sharedSecret.authType x509/x509_proxy requires auth.sharedSecret.x509.existingSecret',
      fix: 'create a Secret with the credentials and name it here',
    });
  }
  const keys = authType === 'x509' ? (['certKey', 'keyKey'] as const) : (['proxyKey'] as const);
  for (const key of keys.filter((name) => x509[name] === '')) {
    issues.push({
      path: at(key),
      message: `auth.sharedSecret.authType ${authType} requires auth.sharedSecret.x509.${key}`,
      fix: 'name the key of that Secret here',
    });
  }
  return issues;
}

function namesRules(release: Release): readonly ValuesRule[] {
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
        return [];
      },
    },
  ];
}
