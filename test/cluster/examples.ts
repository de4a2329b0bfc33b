import { randomBytes } from 'node:crypto';

import { MOUNTS } from '../../lib/contract/endpoints';
import type { ValuesInput } from '../../lib/contract/values/values';
import type { Certificates, KeyPair } from '../support/rucio-front/certificates';
import { ROBOTS } from './dependencies/rucio-people';

type Data = Readonly<Record<string, string>>;

/** A Secret that an example needs, with what it holds first and after its rotation. */
export interface ExampleSecret {
  readonly name: string;
  readonly first: Data;
  readonly rotated: Data;
  /** A file in the pod whose content changes by the rotation, and the key that it is of. */
  readonly file: string;
  readonly key: string;
}

export interface Example {
  readonly file: string;
  /** `how` as Rucio's log names it. */
  readonly mode: 'oidc' | { readonly robot: 'userpass' | 'x509' | 'x509_proxy' };
  readonly secrets: readonly ExampleSecret[];
  /** What stands in the example for something that the test's Rucio does not have. */
  readonly values?: ValuesInput;
  /** Whether it says that a restart logs users out. */
  readonly forgetsUsers?: boolean;
}

const secret = () => randomBytes(32).toString('hex');

/** Every file of examples/ with the Secrets that its comments tell to make. */
export async function examplesWith(certificates: Certificates): Promise<readonly Example[]> {
  const [first, second] = ROBOTS;
  const clients = [
    await certificates.client(first.username),
    await certificates.client(second.username),
  ] as const;
  const bearer: ExampleSecret = {
    name: 'rucio-mcp-bearer',
    first: { 'shared-secret': secret() },
    rotated: { 'shared-secret': secret() },
    file: `${MOUNTS.bearer}/shared-secret`,
    key: 'shared-secret',
  };
  const sealingKey = secret();
  // The account of these examples is not one of the test's Rucio.
  const asRobot: ValuesInput = { auth: { sharedSecret: { rucioAccount: 'robot' } } };
  return [
    { file: 'oidc.yaml', mode: 'oidc', secrets: [], forgetsUsers: true },
    {
      file: 'oidc-replicas.yaml',
      mode: 'oidc',
      secrets: [
        {
          name: 'rucio-mcp-sealing',
          first: { 'sealing-keys': sealingKey },
          rotated: { 'sealing-keys': `${secret()}\n${sealingKey}` },
          file: `${MOUNTS.bearer}/sealing-keys`,
          key: 'sealing-keys',
        },
        {
          name: 'rucio-mcp-redis',
          first: { password: secret() },
          rotated: { password: secret() },
          file: `${MOUNTS.redis}/password`,
          key: 'password',
        },
      ],
    },
    {
      file: 'shared-secret-userpass.yaml',
      mode: { robot: 'userpass' },
      secrets: [
        bearer,
        {
          name: 'rucio-robot',
          first: { username: first.username, password: first.password },
          rotated: { username: second.username, password: second.password },
          file: `${MOUNTS.rucio}/password`,
          key: 'password',
        },
      ],
    },
    {
      file: 'shared-secret-x509.yaml',
      mode: { robot: 'x509' },
      values: asRobot,
      secrets: [
        bearer,
        {
          name: 'rucio-x509',
          first: pair(clients[0]),
          rotated: pair(clients[1]),
          file: '/etc/grid-security/rucio/usercert.pem',
          key: 'usercert.pem',
        },
      ],
    },
    {
      file: 'shared-secret-x509-proxy.yaml',
      mode: { robot: 'x509_proxy' },
      values: asRobot,
      secrets: [
        bearer,
        {
          name: 'rucio-x509-proxy',
          first: { proxy: await certificates.proxy(clients[0], first.username) },
          rotated: { proxy: await certificates.proxy(clients[1], second.username) },
          file: '/etc/grid-security/rucio/proxy',
          key: 'proxy',
        },
      ],
    },
  ];
}

function pair({ cert, key }: KeyPair): Data {
  return { 'usercert.pem': cert, 'userkey.pem': key };
}
