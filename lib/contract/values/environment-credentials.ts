import { z } from 'zod';

import type { Values } from './values';

/** Where a variable of `extraEnv` gets its value from a Secret. */
const SecretVariable = z.object({
  name: z.string(),
  valueFrom: z.object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }) }),
});

/** A Secret and the keys of user name and password in it. */
export interface UserpassSecret {
  readonly existingSecret: string;
  readonly usernameKey: string;
  readonly passwordKey: string;
}

/**
 * The Secret of a user name and a password that the values name for authType `userpass`: in its own
 * section, or as values for the chart had to, in `extraEnv` as RUCIO_USERNAME and RUCIO_PASSWORD.
 * Either way it is mounted as files, so that a rotated password takes effect without a restart.
 *
 * @returns undefined when there is none, or the two variables read different Secrets
 */
export function userpassSecret(
  values: Pick<Values, 'auth' | 'extraEnv'>,
): UserpassSecret | undefined {
  const { userpass } = values.auth.sharedSecret;
  if (userpass.existingSecret !== '') return userpass;
  const username = secretOf(values.extraEnv, 'RUCIO_USERNAME');
  const password = secretOf(values.extraEnv, 'RUCIO_PASSWORD');
  if (username === undefined || password?.name !== username.name) return undefined;
  return { existingSecret: username.name, usernameKey: username.key, passwordKey: password.key };
}

function secretOf(extraEnv: Values['extraEnv'], variable: string) {
  // Of two variables with one name the later one counts, as in the kubelet.
  const found = extraEnv.findLast(({ name }) => name === variable);
  const parsed = SecretVariable.safeParse(found);
  return parsed.success ? parsed.data.valueFrom.secretKeyRef : undefined;
}
