import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  chromium,
} from 'playwright-core';

/** @param executablePath - what the requirement `chromium` provided */
export function launchChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      // A page that is not from this computer may frame one that is.
      '--disable-features=LocalNetworkAccessChecks',
      // Nothing is looked up: what a page wants from elsewhere does not come.
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
    ],
  });
}

/** A login as somebody sees it who has clicked on the link to Rucio. */
export interface SignInPages {
  /** The page of ours that waits. */
  readonly waiting: Page;
  /** Rucio's, which leads to the identity provider. */
  readonly rucio: Page;
}

/** Somebody with a browser of their own. */
export class Person {
  readonly context: BrowserContext;
  /** What the browser complained of: violated policies, errors of scripts. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, ours: string) {
    this.context = context;
    context.on('weberror', (error) => {
      if (error.page()?.url().startsWith(ours) === true) {
        this.complaints.push(error.error().message);
      }
    });
    context.on('console', (message) => {
      const isOurs = message.location().url.startsWith(ours);
      // That an answer has status 4xx is for the tests to expect.
      const isStatus = message.text().startsWith('Failed to load resource: the server responded');
      if (message.type() === 'error' && isOurs && !isStatus) this.complaints.push(message.text());
    });
  }

  /** @param ours - how the addresses of the server under test begin */
  static async at(
    browser: Browser,
    ours: string,
    options: BrowserContextOptions = {},
  ): Promise<Person> {
    return new Person(await browser.newContext({ ignoreHTTPSErrors: true, ...options }), ours);
  }

  /** From the client's address through the consent to the sign-in that Rucio offers. */
  async allow(authorizeUrl: string): Promise<SignInPages> {
    const waiting = await this.context.newPage();
    await waiting.goto(authorizeUrl);
    await waiting.getByRole('button', { name: 'Allow' }).click();
    const opened = this.context.waitForEvent('page');
    await waiting.getByRole('link', { name: /^Sign in at / }).click();
    return { waiting, rucio: await opened };
  }

  /** At the identity provider, to Rucio's last page; its text. */
  async signInAtProvider({ rucio }: SignInPages, person: string): Promise<string> {
    await rucio.locator(`button[value="${person}"]`).click();
    await rucio.getByText('SCIENTIFIC DATA MANAGEMENT').waitFor();
    return rucio.innerText('body');
  }

  /** Back at the waiting page, which knows of the sign-in by itself, or by the pasted code. */
  async confirm({ waiting, rucio }: SignInPages, account: string, code?: string): Promise<void> {
    await rucio.close();
    if (code !== undefined) {
      await waiting.getByLabel('Code').fill(code);
      await waiting.getByRole('button', { name: 'Continue' }).click();
    }
    await waiting.getByRole('heading', { name: `Signed in as ${account}` }).waitFor();
    await waiting.getByRole('button', { name: `Continue as ${account}` }).click();
    await waiting.getByText('You can close this page').waitFor();
    await waiting.close();
  }
}

/** The code that Rucio shows after a sign-in, in its last page. */
export function codeIn(text: string): string {
  const code = /\b[A-Za-z0-9]{50}\b/.exec(text)?.[0];
  if (code === undefined) throw new Error(`no code in Rucio's page:\n${text}`);
  return code;
}
