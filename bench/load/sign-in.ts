import pLimit from 'p-limit';

import { Browser } from '../../test/oidc/browser';
import {
  CALLBACK,
  type TestClient,
  type Tokens,
  answerIn,
  authorizeUrl,
  registerTestClient,
} from '../../test/oidc/oidc-app';

/** Logins that run at once. */
const AT_ONCE = 8;

/**
 * Signs users in, each with a browser of their own at an address of their own, since the number of
 * logins from one address is limited. They all use one client, as most people do.
 *
 * @returns their access tokens
 * @throws {Error} when a login fails
 */
export async function signIn(issuer: string, users: number): Promise<string[]> {
  const client = await registerTestClient(issuer);
  const limit = pLimit(AT_ONCE);
  const numbers = Array.from({ length: users }, (_, number) => number);
  return Promise.all(
    numbers.map((number) => limit(() => signInOne(issuer, client, addressOf(number)))),
  );
}

/** Linux has the whole network 127.0.0.0/8 on its loopback interface. */
const addressOf = (number: number) => `127.0.${1 + Math.floor(number / 250)}.${1 + (number % 250)}`;

async function signInOne(issuer: string, client: TestClient, address: string): Promise<string> {
  const browser = new Browser(CALLBACK, address);
  try {
    const consent = await browser.open(authorizeUrl(issuer, client.parameters));
    const bridge = await browser.submit(consent, { decision: 'allow' });
    const done = await browser.submit(await browser.submit(bridge), { decision: 'continue' });
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: client.id,
      code: answerIn(done).get('code') ?? '',
      code_verifier: client.verifier,
      redirect_uri: CALLBACK,
      resource: issuer,
    });
    const { status, text } = await browser.send(`${issuer}/token`, {}, form);
    if (status !== 200) throw new Error(`a login failed: ${status} ${text}`);
    return (JSON.parse(text) as Tokens).access_token;
  } finally {
    await browser.close();
  }
}
