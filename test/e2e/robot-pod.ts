import type { ValuesInput } from '../../lib/contract/values/values';
import type { SecretData } from '../../scripts/pod/pod';
import type { DemoPod, DemoPodOptions } from './demo-pod';
import { CLIENTS } from './mcp-clients';

type SharedSecret = NonNullable<NonNullable<ValuesInput['auth']>['sharedSecret']>;

/** How a robot signs in: what the values say, and what is in the Secret `robot`. */
export interface Way {
  readonly settings: Partial<SharedSecret>;
  readonly secret: SecretData;
  /** Other values that it needs. */
  readonly besides?: ValuesInput;
}

/** The pod whose robot signs in this way at a Rucio behind TLS. */
export function robotPod(
  rucioUrl: string,
  { caFile }: { readonly caFile: string },
  { settings, secret, besides }: Way,
): DemoPodOptions {
  return {
    rucioUrl,
    values: (values) => ({
      ...values,
      ...besides,
      auth: { ...values.auth, sharedSecret: { ...values.auth?.sharedSecret, ...settings } },
      // Stands for the trust store of an image.
      extraEnv: [{ name: 'NODE_EXTRA_CA_CERTS', value: caFile }],
    }),
    secrets: { robot: secret },
  };
}

/** As whom the pod works at Rucio. */
export async function whoami({ endpoint, bearer }: DemoPod): Promise<unknown> {
  const [, , connect] = CLIENTS.at(-1) ?? [];
  const client = await connect?.(endpoint, bearer);
  try {
    return (await client?.callTool('rucio_whoami'))?.structured;
  } finally {
    await client?.close();
  }
}
