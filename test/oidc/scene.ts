import { Browser, type SeenPage } from './browser';
import {
  type OidcApp,
  type OidcAppOptions,
  type TestClient,
  type Tokens,
  answerIn,
  authorizeUrl,
  redeem,
  registerTestClient,
  startOidcApp,
} from './oidc-app';
import { type StubRucio, startStubRucio } from './stub-rucio';

/** A server, a Rucio that does as told, a client and the browser of a user; new for every test. */
export class Scene {
  readonly rucio: StubRucio;
  readonly app: OidcApp;
  readonly browser = new Browser();
  client: TestClient;
  readonly #clock: { now: number };

  private constructor(rucio: StubRucio, app: OidcApp, client: TestClient, clock: { now: number }) {
    this.rucio = rucio;
    this.app = app;
    this.client = client;
    this.#clock = clock;
  }

  static async open(options: OidcAppOptions = {}): Promise<Scene> {
    const rucio = await startStubRucio();
    const clock = { now: Date.now() };
    const app = await startOidcApp(rucio.url, { clock: () => clock.now, ...options });
    return new Scene(rucio, app, await registerTestClient(app.issuer), clock);
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.app.close();
    await this.rucio.close();
  }

  /** What the server takes for the time. */
  get now(): number {
    return this.#clock.now;
  }

  set now(now: number) {
    this.#clock.now = now;
  }

  /** The client sends the user to the consent page. */
  start(change: Record<string, string> = {}): Promise<SeenPage> {
    const parameters = { ...this.client.parameters, ...change };
    return this.browser.open(authorizeUrl(this.app.issuer, parameters));
  }

  /** A whole login as `jdoe`, up to the page that leads back to the client. */
  async finished(change: Record<string, string> = {}): Promise<SeenPage> {
    this.rucio.signIn('jdoe');
    const bridge = await this.browser.submit(await this.start(change), { decision: 'allow' });
    return this.browser.submit(await this.browser.submit(bridge), { decision: 'continue' });
  }

  async signIn(change: Record<string, string> = {}): Promise<Tokens> {
    const code = codeOf(await this.finished(change));
    const { body } = await redeem(this.app.issuer, this.client, code);
    return body as unknown as Tokens;
  }
}

export const codeOf = (page: SeenPage) => answerIn(page).get('code') ?? '';
