import {
  MIN_CLIENT_SECRET_LENGTH,
  type StaticClient,
} from '../../../../lib/contract/static-clients';
import { SecretFile } from '../../../secret-file';
import type { ClientSecret, OAuthClient } from './client';

/**
 * The clients of the settings, by their id.
 *
 * @throws {Error} when the secret of one can not be read or is too weak; the text never holds it
 */
export async function configuredClients(
  clients: readonly StaticClient[],
  onReload: (outcome: 'ok' | 'error') => void,
): Promise<ReadonlyMap<string, OAuthClient>> {
  const entries = clients.map(async (client): Promise<[string, OAuthClient]> => {
    const { clientId: id, clientName: name, redirectUris: redirects, secretFile } = client;
    const known = { id, name, host: null, isConfigured: true, redirects };
    if (secretFile === null) return [id, known];
    const secret = fileSecret(new SecretFile(secretFile, { onReload }));
    await secret();
    return [id, { ...known, secret }];
  });
  return new Map(await Promise.all(entries));
}

/** One secret a line, so that a new one can be handed out before the old one is withdrawn. */
function fileSecret(file: SecretFile): ClientSecret {
  let good: readonly string[] | undefined;
  return async () => {
    const lines = (await file.read())
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    if (lines.every(({ length }) => length >= MIN_CLIENT_SECRET_LENGTH)) {
      good = lines;
    } else if (good === undefined) {
      throw new Error(
        `${file.path} holds a client secret of fewer than ${MIN_CLIENT_SECRET_LENGTH} ` +
          'characters; make one with: openssl rand -hex 32',
      );
    }
    // A broken edit must not lock the client out: the good secrets stay.
    return good;
  };
}
