import type { ConfigIssue } from '../issues';
import type { Rule } from '../parse';
import type { Values } from './values';

/**
 * Settings that this version knows but does not serve yet. They are refused at synth, so that no
 * manifest promises what the server can not do. Every rule here goes when its feature comes.
 */
export const availabilityRules: readonly Rule<Values>[] = [
  {
    reads: [['auth', 'mode']],
    check: ({ auth }) =>
      auth.mode === 'oidc' ? notYet(['auth', 'mode'], 'oidc', 'use sharedSecret') : [],
  },
  {
    reads: [
      ['auth', 'mode'],
      ['auth', 'sharedSecret', 'authType'],
    ],
    check: ({ auth }) =>
      auth.mode === 'sharedSecret' && auth.sharedSecret.authType !== 'userpass'
        ? notYet(['auth', 'sharedSecret', 'authType'], auth.sharedSecret.authType, 'use userpass')
        : [],
  },
  {
    reads: [['runtime']],
    check: ({ runtime }) =>
      runtime.kind === 'bundle' ? [] : notYet(['runtime', 'kind'], runtime.kind, 'use bundle'),
  },
];

function notYet(path: ConfigIssue['path'], what: string, fix: string): ConfigIssue[] {
  return [{ path, message: `"${what}" is not available in this version`, fix }];
}
