import { z } from 'zod';

import type { ConfigIssue } from '../issues';
import type { Rule } from '../parse';
import type { Values } from './values';

/** Log levels and authentication types that `rucio-mcp serve` of the Python server knows. */
const LOG_LEVELS = ['debug', 'info', 'warning', 'error'];
const AUTH_TYPES = ['oidc', 'x509', 'x509_proxy', 'userpass', 'gss'];

/** A conda package, and a version specification: what may stand in `pixi.toml` without escaping. */
const PackageName = z.string().regex(/^[a-z0-9_][a-z0-9_.-]*$/i);
const VersionSpec = z.string().regex(/^[A-Za-z0-9_.*+!<>=~^|, -]+$/);

/** Conditions of the Python server of `runtime.kind: pixi`. */
export const pixiRules: readonly Rule<Values>[] = [
  pixi([['logLevel']], ({ logLevel }) =>
    LOG_LEVELS.includes(logLevel)
      ? []
      : issue(['logLevel'], 'is not a log level of the Python server', 'use debug'),
  ),
  pixi(
    [
      ['auth', 'mode'],
      ['auth', 'sharedSecret', 'authType'],
    ],
    ({ auth: { mode, sharedSecret } }) =>
      mode === 'oidc' || AUTH_TYPES.includes(sharedSecret.authType)
        ? []
        : issue(
            ['auth', 'sharedSecret', 'authType'],
            'is not an authentication type of the Python server',
            `use one of ${AUTH_TYPES.join(', ')}`,
          ),
  ),
  pixi([['tracing']], ({ tracing }) =>
    tracing.endpoint === ''
      ? []
      : issue(
          ['tracing', 'endpoint'],
          'is set, and the Python server sends no traces',
          'leave it empty, or use another runtime.kind',
        ),
  ),
  pixi([['auth', 'sites']], ({ auth }) =>
    auth.sites.flatMap((site, index) =>
      typeof site === 'string'
        ? []
        : issue(
            ['auth', 'sites', index],
            'is not a preset, and the Python server knows no others',
            'use a preset, or another runtime.kind',
          ),
    ),
  ),
  pixi([['rucioMcp']], ({ rucioMcp: { version, extraPixiDependencies } }) => [
    ...(VersionSpec.safeParse(version).success
      ? []
      : issue(['rucioMcp', 'version'], 'is not a version', 'write it as in "0.7.1"')),
    ...Object.entries(extraPixiDependencies)
      .filter(
        ([name, spec]) =>
          !PackageName.safeParse(name).success || !VersionSpec.safeParse(spec).success,
      )
      .flatMap(([name]) =>
        issue(
          ['rucioMcp', 'extraPixiDependencies', name],
          'is not a package with a version specification',
          'write it as in ca-policy-lcg: "*"',
        ),
      ),
  ]),
];

function pixi(reads: Rule<Values>['reads'], check: Rule<Values>['check']): Rule<Values> {
  return {
    reads: [['runtime'], ...reads],
    check: (values) => (values.runtime.kind === 'pixi' ? check(values) : []),
  };
}

function issue(path: ConfigIssue['path'], message: string, fix: string): ConfigIssue[] {
  return [{ path, message, fix }];
}
