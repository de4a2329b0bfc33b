import { Browser, type SeenPage } from '../oidc/browser';
import {
  type Tokens,
  answerIn,
  authorizeUrl,
  mcp,
  redeem,
  registerTestClient,
  tokenRequest,
} from '../oidc/oidc-app';
import { answerOf } from '../support/test-app';
import { OidcDemo, addressOf } from './oidc-demo';

let demo: OidcDemo;
let browser: Browser;

beforeAll(async () => {
  demo = await OidcDemo.start();
}, 120_000);
afterAll(async () => {
  const { endpoint, provider } = demo;
  const { code, output } = await demo.stop();
  expect(code).toBe(0);
  expect(output).toMatch(/Stopping \.\.\.\n {2}Stopped\.\n$/);
  for (const url of [endpoint, provider]) await expect(fetch(url)).rejects.toThrow('fetch failed');
}, 60_000);
beforeEach(() => {
  browser = new Browser();
});
afterEach(() => browser.close());

interface Choice {
  readonly person: string;
  /** Whether the program may change something. */
  readonly write?: 'yes' | 'no';
  /** The account at Rucio that the person names. */
  readonly account?: string;
}

/** From the consent page to Rucio's last page. */
async function toRucio({ person, write = 'no', account = '' }: Choice, address: string) {
  const consent = await browser.open(address);
  const bridge = await browser.submit(consent, { decision: 'allow', write, account });
  const choice = await browser.click(bridge, /Sign in at Demo/);
  expect(choice.text).toContain('nobody needs a');
  return { bridge, rucio: await browser.submit(choice, { person }) };
}

/** The whole way, to the page that leads back to the program. */
async function signIn(choice: Choice, address: string): Promise<SeenPage> {
  const { bridge, rucio } = await toRucio(choice, address);
  expect(rucio.text).toContain('has been granted access');
  return browser.submit(await browser.submit(bridge), { decision: 'continue' });
}

describe('npm run try -- --oidc', () => {
  test.each([
    [{ person: 'jane' }, 'jdoe'],
    [{ person: 'priya' }, 'prodsys'],
    [{ person: 'sam', account: 'physics-higgs' }, 'physics-higgs'],
  ])(
    '%s calls a tool as %s, and signs out',
    async (choice, account) => {
      const command = demo.attempt();
      const left = await signIn(choice, await addressOf(command));
      expect((await browser.click(left, /Back to npm run try/)).text).toContain('Signed in');
      expect(await command.ended()).toBe(0);
      expect(command.output).toContain(`"account":"${account}"`);
      expect(command.output).toMatch(/Granted: rucio:read\nSigned out\.\n$/);
    },
    60_000,
  );

  test('a user who denies is told so, and nothing is called', async () => {
    const command = demo.attempt();
    const consent = await browser.open(await addressOf(command));
    const left = await browser.submit(consent, { decision: 'deny' });
    const answered = await browser.click(left, /Back to npm run try/);
    expect(answered.text).toContain('The sign-in was refused: access_denied');
    expect(await command.ended()).toBe(1);
    expect(command.output).toContain('The sign-in was refused: access_denied (the user said no).');
    expect(command.output).not.toContain('rucio_whoami(');
  }, 60_000);

  test('a tool that changes something makes the user agree to it, once', async () => {
    const rule = {
      dids: 'user.jdoe:user.jdoe.410470.ttbar_nonallhad.v3_tree.root.387612044',
      rse_expression: 'CERN-PROD_DATADISK',
      lifetime: 86_400,
    };
    const command = demo.attempt('rucio_add_rule', JSON.stringify(rule));
    const first = await signIn({ person: 'jane' }, await addressOf(command));
    await browser.click(first, /Back to npm run try/);
    const again = await addressOf(command, 2);
    expect(new URL(again).searchParams.get('scope')).toContain('rucio:write');
    const second = await signIn({ person: 'jane', write: 'yes' }, again);
    await browser.click(second, /Back to npm run try/);
    const code = await command.ended();
    expect(command.output).toContain('"changed":true');
    expect(command.output).toContain('Granted: rucio:read rucio:write');
    expect(code).toBe(0);
  }, 60_000);

  test('what is not the answer of this sign-in is refused by the program', async () => {
    const command = demo.attempt();
    const address = await addressOf(command);
    const back = new URL(new URL(address).searchParams.get('redirect_uri') ?? '');
    back.search = '?code=stolen&state=other';
    expect((await browser.open(back)).status).toBe(400);
    expect(command.child.exitCode).toBeNull();
    const left = await signIn({ person: 'jane' }, address);
    await browser.click(left, /Back to npm run try/);
    expect(await command.ended()).toBe(0);
  }, 60_000);
});

describe('the sign-in', () => {
  const start = async () => {
    const issuer = demo.endpoint.replace(/\/$/, '');
    const client = await registerTestClient(issuer);
    return { issuer, client, address: authorizeUrl(issuer, client.parameters) };
  };
  const whoami = async (token: string) => {
    const call = { name: 'rucio_whoami', arguments: {} };
    return (await answerOf(await mcp(demo.endpoint, token, 'tools/call', call)))['result'];
  };

  test('a session is renewed, and is gone after the sign-out', async () => {
    const { issuer, client, address } = await start();
    const left = await signIn({ person: 'ada' }, address);
    const { body } = await redeem(issuer, client, answerIn(left).get('code') ?? '');
    const tokens = body as unknown as Tokens;
    const renewed = await tokenRequest(issuer, {
      grant_type: 'refresh_token',
      client_id: client.id,
      refresh_token: tokens.refresh_token,
    });
    expect(renewed.status).toBe(200);
    const next = renewed.body as unknown as Tokens;
    expect(await whoami(next.access_token)).toMatchObject({
      structuredContent: { account: 'root' },
    });

    const token = { token: next.refresh_token, client_id: client.id };
    await fetch(`${issuer}/revoke`, { method: 'POST', body: new URLSearchParams(token) });
    expect((await mcp(demo.endpoint, next.access_token, 'tools/list')).status).toBe(401);
    const late = { ...token, grant_type: 'refresh_token', refresh_token: next.refresh_token };
    expect((await tokenRequest(issuer, late)).body['error']).toBe('invalid_grant');
  }, 60_000);

  test('somebody whom Rucio does not know is told so by Rucio, and gets nowhere', async () => {
    const { address } = await start();
    const { bridge, rucio } = await toRucio({ person: 'vera' }, address);
    expect(rucio.status).toBe(401);
    expect(rucio.text).toContain('could not finalize your token request');
    expect((await browser.submit(bridge)).text).not.toContain('Signed in as');
  }, 60_000);

  test("nobody gets into somebody else's account", async () => {
    const { address } = await start();
    const { rucio } = await toRucio({ person: 'jane', account: 'prodsys' }, address);
    expect(rucio.status).toBe(401);
  }, 60_000);

  test('who cancels at the identity provider can choose again', async () => {
    const { address } = await start();
    const consent = await browser.open(address);
    const bridge = await browser.submit(consent, { decision: 'allow' });
    const choice = await browser.click(bridge, /Sign in at Demo/);
    expect((await browser.submit(choice, { decision: 'cancel' })).status).toBe(401);
    const again = await browser.click(bridge, /Sign in at Demo/);
    expect((await browser.submit(again, { person: 'jane' })).status).toBe(200);
    expect((await browser.submit(bridge)).text).toContain('Signed in as jdoe');
  }, 60_000);

  test('the page of the provider names nobody who is not there, and is not framed', async () => {
    const { address } = await start();
    const consent = await browser.open(address);
    const bridge = await browser.submit(consent, { decision: 'allow' });
    const choice = await browser.click(bridge, /Sign in at Demo/);
    expect(choice.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await browser.submit(choice, { person: 'mallory' })).status).toBe(400);
    const other = new Browser();
    const page = await other.open(choice.url);
    expect(page.status).toBe(400);
    expect(page.text).toContain('was begun in another browser');
    await other.close();
  }, 60_000);
});
