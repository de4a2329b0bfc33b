import { parseDocument } from '../../lib/contract/parse';
import { StaticClientIdentity, staticClients } from '../../lib/contract/static-clients';

test.each([
  ['a', 'a client with this id is already in the list', 'give it an id of its own, or remove it'],
  ['r.a', 'must not begin with "r."', 'choose another beginning'],
])('what a client may not be called is told with what to do: %s', (clientId, message, fix) => {
  const client = { clientName: 'A', redirectUris: ['https://a.example.org/cb'] };
  const clients = [
    { ...client, clientId: 'a' },
    { ...client, clientId },
  ];
  const issue = { path: [1, 'clientId'], message: expect.stringContaining(message) as string, fix };
  const parsed = parseDocument(staticClients(StaticClientIdentity), clients, []);
  expect(parsed).toEqual({ ok: false, issues: [issue] });
});
