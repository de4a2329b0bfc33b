import { randomBytes } from 'node:crypto';

import type { ValuesInput } from '../../lib/contract/values/values';
import type { SecretData } from '../pod/pod';

/** Name of the demo's site: its endpoint is `/site/demo/`. */
export const DEMO_SITE = 'demo';

/** The robot that the embedded Rucio knows. Not a secret: it opens made-up data only. */
const ROBOT = { account: 'robot', username: 'robot', password: 'robotpwd' } as const;

const BEARER_SECRET = 'rucio-mcp-bearer';
const ROBOT_SECRET = 'rucio-mcp-robot';

export interface DemoOptions {
  /** Where the Rucio server answers. */
  readonly rucioUrl: string;
  readonly port: number;
  readonly metricsPort: number;
}

/** What an operator would write and create to serve one Rucio on this computer only. */
export interface DemoDeployment {
  readonly values: ValuesInput;
  readonly secrets: Readonly<Record<string, SecretData>>;
  /** What clients present; another one each time. */
  readonly bearer: string;
}

/** How users sign in at Rucio: see `auth.oidc.login` in `docs/values.md`. */
export type DemoLogin = 'poll' | 'code';

/** Every user as themselves; what they may change at Rucio, they can. No Secrets are needed. */
export function oidcDemoValues(
  { rucioUrl, port, metricsPort }: DemoOptions,
  login: DemoLogin,
): ValuesInput {
  const oidc = { audience: 'rucio', scope: 'openid profile offline_access' };
  return {
    auth: {
      mode: 'oidc',
      sites: [{ name: DEMO_SITE, title: 'Demo', rucioHost: rucioUrl, authHost: rucioUrl, oidc }],
      oidc: { login },
    },
    readOnly: false,
    ...onThisComputer(port, metricsPort),
  };
}

function onThisComputer(port: number, metricsPort: number): ValuesInput {
  return {
    server: { host: '127.0.0.1', port, metricsPort, resourceUrl: `http://127.0.0.1:${port}` },
    ingress: { enabled: false },
    serviceMonitor: { enabled: false },
  };
}

export function demoDeployment({ rucioUrl, port, metricsPort }: DemoOptions): DemoDeployment {
  const bearer = randomBytes(32).toString('base64url');
  return {
    bearer,
    values: {
      auth: {
        mode: 'sharedSecret',
        sites: [{ name: DEMO_SITE, title: 'Demo', rucioHost: rucioUrl, authHost: rucioUrl }],
        sharedSecret: {
          authType: 'userpass',
          rucioAccount: ROBOT.account,
          existingSecret: BEARER_SECRET,
          userpass: { existingSecret: ROBOT_SECRET },
        },
      },
      ...onThisComputer(port, metricsPort),
    },
    secrets: {
      [BEARER_SECRET]: { 'shared-secret': bearer },
      [ROBOT_SECRET]: { username: ROBOT.username, password: ROBOT.password },
    },
  };
}
