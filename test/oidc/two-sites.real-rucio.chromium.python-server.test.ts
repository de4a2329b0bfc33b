import * as v2 from '@modelcontextprotocol/client';
import { Client as V1Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as V1Transport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js';
import type { Browser } from 'playwright-core';

import { describeWith } from '../support/requirements';
import { type AnswerListener, listenForAnswers } from './answer-listener';
import { type OidcApp, mcp, startOidcApp } from './oidc-app';
import { Person, codeIn, launchChromium } from './person';
import { type RealLogin, startRealLogin } from './real-login';
import { runPythonClient } from './run-python-client';
import { createSdkProvider } from './sdk-provider';

const WHOAMI = { name: 'rucio_whoami', arguments: {} };
const accountOf = (result: object) =>
  (result as { structuredContent?: { account?: string } }).structuredContent?.account;

describeWith(
  ['real-rucio', 'chromium', 'python-server'],
  'two sites with a real Rucio, a real identity provider and real clients, in Chromium',
  (rucioDir, chromiumPath, environment) => {
    let first: RealLogin;
    let second: RealLogin;
    let poll: OidcApp;
    let code: OidcApp;
    let browser: Browser;
    let listener: AnswerListener;
    /** In the browser of the test, which has its own cookies. */
    let person: Person;

    beforeAll(async () => {
      [first, second, browser, listener] = await Promise.all([
        startRealLogin(rucioDir, { 'person-1': 'jdoe' }),
        startRealLogin(rucioDir, { 'person-2': 'robot' }),
        launchChromium(chromiumPath),
        listenForAnswers(),
      ]);
      const sites = { secondRucioUrl: second.url };
      poll = await startOidcApp(first.url, sites);
      code = await startOidcApp(first.url, { ...sites, login: 'code' });
    }, 120_000);
    afterAll(async () => {
      await browser.close();
      await Promise.all([poll.close(), code.close(), listener.close()]);
      await Promise.all([first.close(), second.close()]);
    });
    afterEach(async () => {
      await person.context.close();
      expect(person.complaints).toEqual([]);
    });

    const siteTwo = ({ url }: OidcApp) => `${url}/site/two`;

    /** A client of the v1 SDK that has sent its user to sign in, and one of the v2 SDK. */
    async function startV1(url: string) {
      const sdk = createSdkProvider(listener.url);
      const authProvider = sdk.provider as OAuthClientProvider;
      const open = () => new V1Transport(new URL(url), { authProvider });
      const transport = open();
      const refused = new V1Client({ name: 't', version: '1' }).connect(transport);
      await expect(refused).rejects.toThrow('Unauthorized');
      const finish = async (answer: URLSearchParams) => {
        await transport.finishAuth(answer.get('code') ?? '');
        const client = new V1Client({ name: 't', version: '1' });
        await client.connect(open());
        return client;
      };
      return { ...sdk, finish };
    }
    async function startV2(url: string) {
      const sdk = createSdkProvider(listener.url);
      const authProvider = sdk.provider as v2.OAuthClientProvider;
      const open = () => new v2.StreamableHTTPClientTransport(new URL(url), { authProvider });
      const connect = async (transport: v2.StreamableHTTPClientTransport) => {
        const client = new v2.Client(
          { name: 't', version: '1' },
          { versionNegotiation: { mode: 'auto' } },
        );
        await client.connect(transport);
        return client;
      };
      let transport = open();
      await expect(connect(transport)).rejects.toThrow();
      const finish = async (answer: URLSearchParams) => {
        await transport.finishAuth(answer);
        transport = open();
        return connect(transport);
      };
      return { ...sdk, finish };
    }

    test('poll: both sites are signed in to at once, each as its own account, and keep apart', async () => {
      person = await Person.at(browser, poll.url);
      const one = await startV1(poll.issuer);
      const two = await startV2(siteTwo(poll));
      const atOne = await person.allow(one.authorizationUrl());
      const atTwo = await person.allow(two.authorizationUrl());
      await person.signInAtProvider(atTwo, 'person-2');
      await person.signInAtProvider(atOne, 'person-1');
      await person.confirm(atOne, 'jdoe');
      const clientOne = await one.finish(await listener.next());
      await person.confirm(atTwo, 'robot');
      const clientTwo = await two.finish(await listener.next());

      expect(accountOf(await clientOne.callTool(WHOAMI))).toBe('jdoe');
      expect(accountOf(await clientTwo.callTool(WHOAMI))).toBe('robot');
      expect(clientTwo.getNegotiatedProtocolVersion()).toBe('2026-07-28');
      const seen = [first.seen.length, second.seen.length];
      const tokenOne = one.tokens().access_token;
      const tokenTwo = two.tokens().access_token;
      expect((await mcp(siteTwo(poll), tokenOne, 'tools/call', WHOAMI)).status).toBe(401);
      expect((await mcp(poll.issuer, tokenTwo, 'tools/call', WHOAMI)).status).toBe(401);
      expect([first.seen.length, second.seen.length]).toEqual(seen);
      await Promise.all([clientOne.close(), clientTwo.close()]);
    }, 90_000);

    test('code: the Python SDK at one site and the v2 SDK at the other, with pasted codes', async () => {
      person = await Person.at(browser, code.url);
      const signIn = async (url: string, who: string, account: string) => {
        const pages = await person.allow(url);
        const pasted = codeIn(await person.signInAtProvider(pages, who));
        await person.confirm(pages, account, pasted);
        return listener.next();
      };
      let signIns = 0;
      const site = { url: code.issuer, redirectUri: listener.url };
      const python = await runPythonClient(environment, site, (url) => {
        signIns += 1;
        return signIn(url, 'person-1', 'jdoe');
      });
      expect(python).toMatchObject({ accounts: ['jdoe', 'jdoe'], issued: 2 });
      expect(python.tools).toContain('rucio_list_dids');
      expect(signIns).toBe(1);

      const two = await startV2(siteTwo(code));
      const answer = await signIn(two.authorizationUrl(), 'person-2', 'robot');
      const client = await two.finish(answer);
      expect(accountOf(await client.callTool(WHOAMI))).toBe('robot');
      await client.close();
    }, 90_000);

    test('T30: Rucio ends the session: the user is asked to sign in again, and goes on', async () => {
      person = await Person.at(browser, poll.url);
      const signIn = async (url: string) => {
        const pages = await person.allow(url);
        await person.signInAtProvider(pages, 'person-1');
        await person.confirm(pages, 'jdoe');
        return listener.next();
      };
      const sdk = await startV2(poll.issuer);
      const client = await sdk.finish(await signIn(sdk.authorizationUrl()));
      expect(accountOf(await client.callTool(WHOAMI))).toBe('jdoe');

      await first.endSessions();
      const refused = await client.callTool(WHOAMI);
      expect(refused.isError).toBe(true);
      expect(JSON.stringify(refused.content)).toContain('[LOGIN]');
      expect(sdk.signIns()).toBe(1);
      // The next call finds 401, a renewal finds nothing to renew: the SDK asks for a sign-in.
      const warned = jest.spyOn(console, 'warn').mockReturnValue();
      await expect(client.callTool(WHOAMI)).rejects.toThrow();
      expect(warned.mock.calls.join()).toContain('the Rucio session has ended: sign in');
      warned.mockRestore();
      expect(sdk.signIns()).toBe(2);
      const again = await sdk.finish(await signIn(sdk.authorizationUrl()));
      expect(accountOf(await again.callTool(WHOAMI))).toBe('jdoe');
      await Promise.all([client.close(), again.close()]);
    }, 90_000);
  },
);
