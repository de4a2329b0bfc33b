import { tokenFor } from '../../rucio-contract/answer';

/** Maps an identity to the account `robot` of a real Rucio. */
export async function addRobotIdentity(
  url: string,
  authtype: 'X509' | 'SSH' | 'OIDC' | 'GSS' | 'SAML',
  identity: string,
): Promise<void> {
  const response = await fetch(`${url}/accounts/robot/identities`, {
    method: 'POST',
    headers: { 'x-rucio-auth-token': await tokenFor(url, 'root') },
    body: JSON.stringify({ identity, authtype, email: 'robot@example.org', default: true }),
  });
  if (response.status !== 201) throw new Error(await response.text());
}
