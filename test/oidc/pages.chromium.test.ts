import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

import type { ServerDocument } from '../../lib/contract/server-document';
import { json, rucioError } from '../support/fault-server';
import { describeWith } from '../support/requirements';
import { authorizeUrl, redeem, registerTestClient } from './oidc-app';
import { Person, launchChromium } from './person';
import { Scene } from './scene';

const AXE = readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8');
/** Pictures of every page, for whoever wants to look; not part of the project. */
const PICTURES = join(__dirname, '../../.cache/pictures');
/** What the site of the tests puts on its pages. */
const BRAND = {
  title: 'The Example experiment',
  logoText: 'EXAMPLE',
  supportContact: 'mailto:help@experiment.example.org',
};

interface Findings {
  readonly violations: readonly { readonly id: string }[];
}

describeWith('chromium', 'the pages, in a real browser', (executablePath) => {
  let browser: Browser;
  let scene: Scene;
  let person: Person;
  /** What the browser complains of where a test wants it to. */
  let expected: RegExp | undefined;
  /** How far the server's clock is ahead. It runs: the waiting page asks again and again. */
  let ahead = 0;

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    browser = await launchChromium(executablePath);
  }, 60_000);
  afterAll(() => browser.close());
  beforeEach(() => {
    expected = undefined;
    ahead = 0;
  });
  afterEach(async () => {
    await person.context.close();
    await scene.close();
    expect(person.complaints.filter((it) => expected?.test(it) !== true)).toEqual([]);
  });

  const branded = (document: ServerDocument): ServerDocument => ({
    ...document,
    sites: document.sites.map((site) => (site.name === 'one' ? { ...site, ...BRAND } : site)),
  });

  async function open(
    options: BrowserContextOptions = {},
    login: 'poll' | 'code' = 'poll',
  ): Promise<Page> {
    scene = await Scene.open({ login, change: branded, clock: () => Date.now() + ahead });
    person = await Person.at(browser, scene.app.url, options);
    const { context } = person;
    // The client: it only has to get the answer.
    await context.route('http://127.0.0.1:1/**', (route) => route.fulfill({ body: 'the client' }));
    return context.newPage();
  }

  const start = (page: Page, change: Record<string, string> = {}) =>
    page.goto(authorizeUrl(scene.app.issuer, { ...scene.client.parameters, ...change }));

  const press = (page: Page, name: string) => page.getByRole('button', { name }).click();

  /** Up to the page that waits. */
  async function wait(page: Page): Promise<void> {
    await start(page);
    await press(page, 'Allow');
    await page.waitForSelector('text=Waiting for your sign-in');
  }

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

  /** The same for a page of the site, which has its name on it, and where help is. */
  async function lookAtSite(page: Page, name: string): Promise<string[]> {
    expect(await page.textContent('header .logo')).toBe(BRAND.logoText);
    expect(await page.textContent('main .site')).toBe(BRAND.title);
    const help = page.getByRole('link', { name: 'help@experiment.example.org' });
    expect(await help.getAttribute('href')).toBe(BRAND.supportContact);
    return look(page, name);
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
  }, 60_000);

  test('nothing keeps anybody from using the pages, in light and in dark', async () => {
    const page = await open({ viewport: { width: 1280, height: 900 } });
    scene.rucio.server.on('GET /ping', json({ version: '41.5.1' }));
    await page.goto(`${scene.app.url}/`);
    await page.getByText('Rucio answers.').first().waitFor();
    expect(await look(page, 'landing')).toEqual([]);
    await page.goto(`${scene.app.issuer}/`);
    expect(await lookAtSite(page, 'site')).toEqual([]);
    await start(page);
    expect(await lookAtSite(page, 'consent')).toEqual([]);
    await wait(page);
    expect(await lookAtSite(page, 'waiting')).toEqual([]);
    scene.rucio.signIn('jdoe');
    await page.waitForSelector('h1:has-text("Signed in as jdoe")');
    expect(await lookAtSite(page, 'account')).toEqual([]);
    await start(page, { client_id: 'nobody' });
    expect(await lookAtSite(page, 'problem')).toEqual([]);
  }, 120_000);

  test('an app that is not there leaves the last page open, which tells how to go on', async () => {
    expected = /Failed to launch 'example\.app:/;
    const page = await open({ viewport: { width: 1280, height: 900 } });
    const redirectUri = 'example.app:/callback';
    scene.client = await registerTestClient(scene.app.issuer, { redirect_uris: [redirectUri] });
    scene.rucio.signIn('jdoe');
    await start(page, { redirect_uri: redirectUri });
    await press(page, 'Allow');
    await press(page, 'I have signed in');
    await press(page, 'Continue as jdoe');
    await page.waitForSelector('h1:has-text("Done")');
    const back = page.getByRole('link', { name: 'Back to Test client' });
    expect(await back.getAttribute('href')).toMatch(/^example\.app:\/callback\?code=/);
    expect(await lookAtSite(page, 'done')).toEqual([]);
  }, 60_000);

  test.each([320, 375])(
    'on a screen of %d pixels nothing is wider than it',
    async (width) => {
      const page = await open({ viewport: { width, height: 700 } });
      const fits = async (name: string) => {
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
        expect(await lookAtSite(page, `${name}-${width}`)).toEqual([]);
      };
      await page.goto(`${scene.app.url}/`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await look(page, `landing-${width}`)).toEqual([]);
      await page.goto(`${scene.app.issuer}/`);
      await fits('site');
      await start(page);
      await fits('consent');
      await wait(page);
      await fits('waiting');
      scene.rucio.signIn('jdoe');
      await page.waitForSelector('h1:has-text("Signed in as jdoe")');
      await fits('account');
    },
    120_000,
  );

  test('what is asked of the system is kept: less motion, forced colours', async () => {
    const page = await open();
    await wait(page);
    const animation = () =>
      page.evaluate(
        "getComputedStyle(document.querySelector('.waiting'), '::before').animationName",
      );
    expect(await animation()).toBe('turn');
    await page.emulateMedia({ reducedMotion: 'reduce', forcedColors: 'active' });
    expect(await animation()).toBe('none');
    await page.screenshot({ path: join(PICTURES, 'waiting-forced-colours.png') });
  }, 60_000);

  test('while Rucio is down the page says so, and goes on when it is back', async () => {
    const page = await open();
    scene.rucio.server.on('GET /auth/oidc_redirect', rucioError(500, 'DatabaseException', 'x'));
    await start(page);
    await press(page, 'Allow');
    await page.waitForSelector('text=Rucio does not answer at the moment');
    scene.rucio.signIn('jdoe');
    await page.waitForSelector('h1:has-text("Signed in as jdoe")');
    expect(await page.getByRole('button', { name: 'Continue as jdoe' }).isVisible()).toBe(true);
  }, 60_000);

  test('a login that nobody finishes ends, and the page does not wait for ever', async () => {
    const page = await open();
    await wait(page);
    ahead = 601_000;
    await page.waitForSelector('h1:has-text("This did not work")');
    expect(await page.textContent('[role=alert]')).toContain('longer than ten minutes');
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
    expect(new URL(page.url()).searchParams.get('code')).not.toBeNull();
  }, 60_000);

  test('who denies is sent back with access_denied', async () => {
    const page = await open();
    await start(page);
    await press(page, 'Deny');
    await page.waitForURL('http://127.0.0.1:1/**');
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
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

  test('the settings of a client are copied, its deep link is there, and whether Rucio answers', async () => {
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
    scene.rucio.server.on('GET /ping', json({ version: '41.5.1' }));
    await page.goto(`${scene.app.issuer}/`);
    await page.waitForSelector('text=Rucio answers.');
    await page.click('[data-copy=url]');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${scene.app.issuer}/`);
    await page.getByText('Codex', { exact: true }).click();
    await page.getByRole('button', { name: 'Copy the settings of Codex' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('[mcp_servers.');
    expect(await page.getAttribute('text=Add to VS Code', 'href')).toMatch(
      /^vscode:mcp\/install\?/,
    );
  }, 60_000);

  test('clickjacking: no other page can frame a login', async () => {
    expected = /^(?:Refused to frame|Framing) /;
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
