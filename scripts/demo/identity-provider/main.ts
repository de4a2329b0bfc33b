// A certified OpenID provider on loopback, as a program of its own: jest can not load its modules.
// Prints `issuer <URL>` when it listens, reads its settings as one line, prints `ready`, and ends with
// its standard input.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

import Provider from 'oidc-provider';

import { Interactions } from './interactions';
import { INTERACTION_PATH, providerConfiguration } from './provider-configuration';
import { ProviderSettings } from './provider-settings';

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
process.stdout.write(`issuer ${issuer}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const settings = ProviderSettings.parse(JSON.parse(line));
  const provider = new Provider(issuer, providerConfiguration(settings));
  provider.on('server_error', (_ctx, error) => process.stderr.write(`${String(error)}\n`));
  // Everybody is asked who they are, each time. And without "consent" the provider would drop
  // offline_access silently, while Rucio never sends a prompt.
  provider.use(async (ctx, next) => {
    if (ctx.path === '/auth' && ctx.query['prompt'] === undefined) {
      ctx.query = { ...ctx.query, prompt: 'login consent' };
    }
    await next();
  });
  const interactions = new Interactions(provider, settings);
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith(INTERACTION_PATH) === true) {
      void interactions.answer(request, response);
    } else void answer(request, response);
  });
  process.stdout.write('ready\n');
}
process.exit(0);
