import type { ConfigIssue } from '../issues';
import type { Rule } from '../parse';
import { type AUTH_TYPES, MIN_BEARER_LENGTH } from '../server-document';
import { podCount } from './pod-count';
import { userpassSecret } from './environment-credentials';
import { kerberosImage, kerberosSecret } from './kerberos-rules';
import type { Values } from './values';

type AuthType = (typeof AUTH_TYPES)[number];

/**
 * What has sound manifests, but a pod that would not serve: settings without which the server can not
 * work. They are refused at synth, so that no manifest promises what does not run; with `allowUnserved` they become notes, so that the manifests can be
 * looked at, compared and prepared.
 */
export const unservedRules: readonly Rule<Values>[] = [
  ours(
    [
      ['auth', 'mode'],
      ['auth', 'sharedSecret', 'x509CertDir'],
    ],
    ({ auth: { mode, sharedSecret } }) =>
      mode === 'sharedSecret' &&
      sharedSecret.x509CertDir !== '' &&
      !sharedSecret.x509CertDir.startsWith('/')
        ? [
            {
              path: ['auth', 'sharedSecret', 'x509CertDir'],
              message: 'is not an absolute path',
              fix: 'write the directory in the pod, e.g. /etc/grid-security/certificates',
            },
          ]
        : [],
  ),
  ours([['auth', 'mode'], ['auth', 'sharedSecret'], ['extraEnv']], (values) =>
    values.auth.mode === 'sharedSecret' ? missingCredentials(values) : [],
  ),
  ours([['auth', 'mode'], ['auth', 'sharedSecret', 'authType'], ['image']], kerberosImage),
  ours(
    [
      ['auth', 'mode'],
      ['auth', 'sharedSecret'],
    ],
    kerberosSecret,
  ),
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sharedSecret', 'existingSecret'],
      ['auth', 'sharedSecret', 'secretValue'],
    ],
    check: ({ auth: { mode, sharedSecret } }) =>
      mode === 'sharedSecret' &&
      sharedSecret.existingSecret === '' &&
      sharedSecret.secretValue !== '' &&
      sharedSecret.secretValue.length < MIN_BEARER_LENGTH
        ? [
            {
              path: ['auth', 'sharedSecret', 'secretValue'],
              message: `has fewer than ${MIN_BEARER_LENGTH} characters`,
              fix: 'use: openssl rand -hex 32',
            },
          ]
        : [],
  },
  {
    reads: [['runtime'], ['image', 'repository']],
    check: ({ runtime, image }) =>
      runtime.kind !== 'pixi' && /(^|\/)pixi$/.test(image.repository)
        ? [
            {
              path: ['image', 'repository'],
              message: 'is the image of runtime.kind pixi: there is no Node in it',
              fix: 'remove image, or set runtime.kind to pixi',
            },
          ]
        : [],
  },
  ours(
    [['auth', 'mode'], ['auth', 'oidc'], ['stateStore'], ['replicaCount'], ['autoscaling']],
    unsharedState,
  ),
];

/** A rule about our own server: the Python one of `pixi` has other features. */
function ours(reads: Rule<Values>['reads'], check: Rule<Values>['check']): Rule<Values> {
  return {
    reads: [['runtime'], ...reads],
    check: (values) => (values.runtime.kind === 'pixi' ? [] : check(values)),
  };
}

/** Several pods have to open each other's tokens, and to know which codes are used. */
function unsharedState(values: Values): ConfigIssue[] {
  const { auth, stateStore } = values;
  if (auth.mode !== 'oidc' || podCount(values) < 2) return [];
  // Nothing of ours is handed out then.
  if (auth.oidc.tokenFormat === 'passthrough') return [];
  const issues: ConfigIssue[] = [];
  const missing = (path: ConfigIssue['path'], fix: string) => {
    issues.push({ path, message: 'more than one pod in auth.mode=oidc requires it', fix });
  };
  if (auth.oidc.sealingKeys.existingSecret === '') {
    missing(
      ['auth', 'oidc', 'sealingKeys', 'existingSecret'],
      'create a Secret with sealing keys and name it here, or run one pod',
    );
  }
  if (stateStore.redis.url === '') {
    missing(['stateStore', 'redis', 'url'], 'name a Redis, or run one pod');
  }
  return issues;
}

/** The settings that each authentication type can not do without, beside those of x509. */
const REQUIRED: Partial<
  Record<AuthType, readonly [section: keyof Values['auth']['sharedSecret'], ...string[]]>
> = {
  userpass: ['userpass', 'existingSecret'],
  ssh: ['ssh', 'existingSecret'],
  gss: ['gss', 'existingSecret', 'principal'],
  saml: ['saml', 'existingSecret', 'identityProvider'],
  oidc: ['oidc', 'existingSecret', 'tokenEndpoint'],
};

function missingCredentials(values: Values): ConfigIssue[] {
  const settings = values.auth.sharedSecret;
  if (settings.authType === 'userpass' && userpassSecret(values) !== undefined) return [];
  const required = REQUIRED[settings.authType as AuthType];
  if (required === undefined) return [];
  const [section, ...fields] = required;
  const given = settings[section] as Record<string, string>;
  return fields
    .filter((field) => given[field] === '')
    .map((field) => ({
      path: ['auth', 'sharedSecret', section, field],
      message: `auth.sharedSecret.authType ${settings.authType} requires auth.sharedSecret.${section}.${field}`,
      fix:
        field === 'existingSecret'
          ? 'create a Secret with the credentials and name it here'
          : 'write the setting here',
    }));
}
