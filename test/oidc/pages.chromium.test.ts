import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium,
} from 'playwright-core';

import { describeWith } from '../support/requirements';
import { authorizeUrl, redeem } from './oidc-app';
import { Scene } from './scene';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
/** Pictures of every page, for whoever wants to look; not part of the project. */
const PICTURES = join(__dirname, '../../.cache/pictures');

interface Findings {
  readonly violations: readonly { readonly id: string }[];
}

describeWith('chromium', 'the pages, in a real browser', (executablePath) => {
  let browser: Browser;
  let scene: Scene;
  let context: BrowserContext;
  /** What the browser complained of: a violated policy, an error of a script. */
  let complaints: string[];

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    browser = await chromium.launch({
      executablePath,
      // The second: a page that is not from this computer may frame one that is.
      args: ['--no-sandbox', '--disable-features=LocalNetworkAccessChecks'],
    });
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    await context.close();
    await scene.close();
  });

  async function open(
    options: BrowserContextOptions = {},
    login: 'poll' | 'code' = 'poll',
  ): Promise<Page> {
    scene = await Scene.open({ login });
    complaints = [];
    context = await browser.newContext({ ignoreHTTPSErrors: true, ...options });
    // The client: it only has to get the answer.
    await context.route('http://127.0.0.1:1/**', (route) => route.fulfill({ body: 'the client' }));
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    return page;
  }

  const start = (page: Page, change: Record<string, string> = {}) =>
    page.goto(authorizeUrl(scene.app.issuer, { ...scene.client.parameters, ...change }));

  const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

  /** Takes a picture, and lets axe look for what keeps somebody from using the page. */
  async function look(page: Page, name: string): Promise<string[]> {
    const problems: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}.png`), fullPage: true });
      // Not as a script of the page, which its policy would refuse.
      await page.evaluate(AXE);
      const found: Findings = await page.evaluate('axe.run()');
      problems.push(...found.violations.map(({ id }) => `${name} ${colorScheme}: ${id}`));
    }
    return problems;
  }

  test('a whole login, where the waiting page goes on by itself', async () => {
    const page = await open();
    await start(page);
    expect(await page.textContent('h1')).toBe('Allow this program?');
    await press(page, 'Allow');
    await page.waitForSelector('text=Waiting for your sign-in');
    scene.rucio.signIn('jdoe');
    await page.waitForSelector('h1:has-text("Signed in as jdoe")');
    await press(page, 'Continue as jdoe');
    await page.waitForURL('http://127.0.0.1:1/**');
    const code = new URL(page.url()).searchParams.get('code') ?? '';
    expect((await redeem(scene.app.issuer, scene.client, code)).status).toBe(200);
    expect(complaints).toEqual([]);
  }, 60_000);

  test('nothing keeps anybody from using the pages, in light and in dark', async () => {
    const page = await open({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${scene.app.url}/`);
    expect(await look(page, 'landing')).toEqual([]);
    await page.goto(`${scene.app.issuer}/`);
    expect(await look(page, 'site')).toEqual([]);
    await start(page);
    expect(await look(page, 'consent')).toEqual([]);
    await press(page, 'Allow');
    await page.waitForSelector('text=Waiting for your sign-in');
    expect(await look(page, 'waiting')).toEqual([]);
    scene.rucio.signIn('jdoe');
    await page.waitForSelector('h1:has-text("Signed in as jdoe")');
    expect(await look(page, 'account')).toEqual([]);
    await start(page, { client_id: 'nobody' });
    expect(await look(page, 'problem')).toEqual([]);
  }, 120_000);

  test('on a small screen nothing is wider than the screen', async () => {
    const page = await open({ viewport: { width: 375, height: 700 } });
    for (const url of [`${scene.app.url}/`, `${scene.app.issuer}/`]) {
      await page.goto(url);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
    }
    await start(page);
    expect(await look(page, 'consent-small')).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375);
  }, 60_000);

  test('a whole login without scripts', async () => {
    const page = await open({ javaScriptEnabled: false });
    await start(page);
    await press(page, 'Allow');
    scene.rucio.signIn('jdoe');
    await press(page, 'I have signed in');
    await press(page, 'Continue as jdoe');
    await page.getByRole('link', { name: /^Back to/ }).click();
    await page.waitForURL('http://127.0.0.1:1/**');
    expect(new URL(page.url()).searchParams.get('code')).not.toBeNull();
  }, 60_000);

  test('a whole login with the keyboard', async () => {
    const page = await open();
    await start(page);
    const until = async (text: string) => {
      for (let keys = 0; keys < 20; keys++) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate('document.activeElement.textContent.trim()');
        if (focused === text) return page.keyboard.press('Enter');
      }
      throw new Error(`"${text}" can not be reached with Tab`);
    };
    await until('Allow');
    await page.waitForSelector('text=Waiting for your sign-in');
    scene.rucio.signIn('jdoe');
    await page.waitForSelector('h1:has-text("Signed in as jdoe")');
    await until('Continue as jdoe');
    await page.waitForURL('http://127.0.0.1:1/**');
    expect(complaints).toEqual([]);
  }, 60_000);

  test('who denies is sent back with access_denied', async () => {
    const page = await open();
    await start(page);
    await press(page, 'Deny');
    await page.waitForURL('http://127.0.0.1:1/**');
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
    expect(complaints).toEqual([]);
  }, 60_000);

  test('a code is pasted where the operator wants it', async () => {
    const page = await open({}, 'code');
    await start(page);
    await press(page, 'Allow');
    await page.fill('#code', 'too short');
    await press(page, 'Continue');
    expect(await page.textContent('[role=alert]')).toContain('That is not the code');
    expect(await look(page, 'code')).toEqual([]);
  }, 60_000);

  test('the settings of a client are copied, and its deep link is there', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(`${scene.app.issuer}/`);
    await page.waitForSelector('text=The server is ready.');
    await page.click('[data-copy=url]');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${scene.app.issuer}/`);
    expect(await page.getAttribute('text=Add to VS Code', 'href')).toMatch(
      /^vscode:mcp\/install\?/,
    );
    expect(complaints).toEqual([]);
  }, 60_000);

  test('clickjacking: no other page can frame a login', async () => {
    const page = await open();
    const address = authorizeUrl(scene.app.issuer, scene.client.parameters);
    await page.route('http://localhost:2/', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe src="${address.replaceAll('&', '&amp;')}"></iframe>`,
      }),
    );
    const refused = page.waitForEvent('requestfailed');
    await page.goto('http://localhost:2/');
    expect((await refused).failure()?.errorText).toContain('ERR_BLOCKED_BY_RESPONSE');
    const texts = await Promise.all(page.frames().map((frame) => frame.content()));
    expect(texts.join()).not.toContain('Allow this program?');
    expect(texts).toHaveLength(2);
  }, 60_000);
});
