import type { ConfigIssue } from '../issues';
import type { Rule } from '../parse';
import type { Values } from './values';
import { RucioMcp } from './workload';

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
  {
    reads: [['gateway', 'enabled']],
    check: ({ gateway }) =>
      gateway.enabled ? notYet(['gateway', 'enabled'], 'gateway', 'use ingress') : [],
  },
  {
    reads: [['grafanaDashboard', 'enabled']],
    check: ({ grafanaDashboard }) =>
      grafanaDashboard.enabled
        ? notYet(['grafanaDashboard', 'enabled'], 'grafanaDashboard', 'set it to false')
        : [],
  },
  {
    reads: [['auth', 'sharedSecret', 'x509CertDir']],
    check: ({ auth }) =>
      auth.sharedSecret.x509CertDir === ''
        ? []
        : notYet(['auth', 'sharedSecret', 'x509CertDir'], 'x509CertDir', 'remove it'),
  },
  {
    reads: [['runtime'], ['rucioMcp'], ['initResources'], ['image', 'repository']],
    check: (values) => (values.runtime.kind === 'bundle' ? pixiSettings(values) : []),
  },
];

/** What only the Python server has a use for, where our own runs. */
function pixiSettings({ rucioMcp, initResources, image }: Values): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const refuse = (path: ConfigIssue['path']) => {
    issues.push({
      path,
      message: 'is for runtime.kind pixi only, and would be ignored',
      fix: 'remove it: this server comes with the manifests and installs nothing',
    });
  };
  if (JSON.stringify(rucioMcp) !== JSON.stringify(RucioMcp.parse({}))) refuse(['rucioMcp']);
  if (initResources !== undefined) refuse(['initResources']);
  if (/(^|\/)pixi$/.test(image.repository)) refuse(['image', 'repository']);
  return issues;
}

function notYet(path: ConfigIssue['path'], what: string, fix: string): ConfigIssue[] {
  return [{ path, message: `"${what}" is not available in this version`, fix }];
}
