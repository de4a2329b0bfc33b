import { sameSecret } from '../digest';
import type { OAuthSite } from '../oauth-site';
import type { Parameters } from '../parameters';
import type { OAuthClient } from './client';
import { looksLikeDocumentUrl } from './document-url';
import { registeredClient } from './registration';

/** How clients with a secret prove themselves. @see RFC 6749 section 2.3.1 */
const SECRET_METHODS = ['client_secret_basic', 'client_secret_post'] as const;
/** RFC 7617 section 2: `token68`. */
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2}) *$/i;

export type AuthenticatedClient = {
  /** What the client that is named calls itself; undefined where that would have to be fetched. */
  readonly name?: string | undefined;
} & (
  | {
      readonly ok: true;
      readonly id: string;
      /** It has shown its secret; without, anybody can have named it. */
      readonly isProven: boolean;
    }
  | {
      readonly ok: false;
      readonly error: 'invalid_client' | 'invalid_request';
      readonly description: string;
    }
);

/** What the metadata announces: only what some client of this server can use. */
export function authMethods({ clients }: Pick<OAuthSite, 'clients'>): readonly string[] {
  const confidential = [...clients.values()].some(({ secret }) => secret !== undefined);
  return ['none', ...(confidential ? SECRET_METHODS : [])];
}

/**
 * Finds out which client asks, and that it is the one where it has a secret.
 *
 * @param authorization - the header
 * @see RFC 6749 sections 2.3 and 3.2.1
 */
export async function authenticateClient(
  oauth: Pick<OAuthSite, 'clients' | 'vault'>,
  parameters: Parameters,
  authorization: string | undefined,
): Promise<AuthenticatedClient> {
  if (parameters.has('client_assertion')) {
    return failed('invalid_client', 'client_assertion is not served here');
  }
  const basic = authorization === undefined ? undefined : readBasic(authorization);
  if (authorization !== undefined && basic === undefined) {
    return failed('invalid_client', 'Authorization is not Basic with client_id and secret');
  }
  const inBody = parameters.get('client_id');
  const id = basic?.id ?? inBody;
  if (id === undefined) return failed('invalid_request', 'client_id is missing');
  if (basic !== undefined && parameters.has('client_secret')) {
    return failed('invalid_request', 'the client proves itself in two ways at once');
  }
  if (inBody !== undefined && inBody !== id) {
    return failed('invalid_request', 'client_id and Authorization name different clients');
  }
  const presented = basic?.secret ?? parameters.get('client_secret');
  const configured = oauth.clients.get(id);
  const name = configured?.name ?? (await nameOfPublic(oauth, id));
  if (name === undefined && !looksLikeDocumentUrl(id)) {
    return failed('invalid_client', 'the client is not known, or not any more');
  }
  if (!(await isRight(configured, presented))) {
    const description =
      configured?.secret === undefined
        ? 'this client has no secret: send client_id alone'
        : 'the client has not proven itself';
    return { ...failed('invalid_client', description), name };
  }
  return { ok: true, id, name, isProven: configured?.secret !== undefined };
}

async function isRight(client: OAuthClient | undefined, presented: string | undefined) {
  // An empty secret is none. RFC 6749 section 2.3.1.
  if (client?.secret === undefined) return (presented ?? '') === '';
  const secrets = await client.secret();
  // Every one is compared, so that time tells nothing of them.
  return secrets.filter((secret) => sameSecret(secret, presented ?? '')).length > 0;
}

/** The name of a client that has registered; nothing is fetched. */
async function nameOfPublic({ vault }: Pick<OAuthSite, 'vault'>, id: string) {
  return (await registeredClient(vault, id))?.name;
}

/** Both parts are form-encoded before they are joined. @see RFC 6749 section 2.3.1 */
function readBasic(authorization: string): { id: string; secret: string } | undefined {
  const [, encoded] = BASIC.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const at = text.indexOf(':');
  if (at === -1) return undefined;
  const [id, secret] = [text.slice(0, at), text.slice(at + 1)].map(formDecoded);
  return id === undefined || id === '' || secret === undefined ? undefined : { id, secret };
}

/** @returns undefined for what no form encodes so */
function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function failed(
  error: Extract<AuthenticatedClient, { ok: false }>['error'],
  description: string,
): AuthenticatedClient {
  return { ok: false, error, description };
}
