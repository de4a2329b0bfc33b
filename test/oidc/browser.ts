import { readFileSync } from 'node:fs';
import { Agent, type Response, fetch } from 'undici';

import { CA_FILE } from '../support/tls/files';

/** A page as a person sees it, after all redirects. */
export interface SeenPage {
  readonly url: URL;
  readonly status: number;
  readonly headers: Response['headers'];
  readonly text: string;
}

const MAX_REDIRECTS = 20;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/**
 * What a browser does for a login, without scripts: cookies by host, redirects, forms with the
 * headers that tell where they come from. A redirect to an address of `stopAt` is not followed.
 */
export class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();
  /** Values of all cookies that were ever set. */
  readonly cookieValues: string[] = [];
  readonly #agent: Agent;
  readonly #stopAt: string;

  /** @param localAddress - where its connections come from: another loopback address, another user */
  constructor(stopAt = 'http://127.0.0.1:1/', localAddress = '127.0.0.1') {
    this.#stopAt = stopAt;
    this.#agent = new Agent({ connect: { ca: readFileSync(CA_FILE, 'utf8') }, localAddress });
  }

  async open(url: string | URL): Promise<SeenPage> {
    return this.#go(new URL(url), { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' });
  }

  /** Follows a link of the page by its text. */
  async click(page: SeenPage, text: RegExp): Promise<SeenPage> {
    const href = linkOf(page, text);
    return this.#go(new URL(href, page.url), { 'sec-fetch-site': 'cross-site' });
  }

  /** Sends the (only) form of the page with what is in it, and `fields` besides. */
  async submit(page: SeenPage, fields: Record<string, string> = {}): Promise<SeenPage> {
    const { action, inputs } = formOf(page);
    const target = new URL(action, page.url);
    const site = target.origin === page.url.origin ? 'same-origin' : 'cross-site';
    return this.#go(
      target,
      { origin: page.url.origin, 'sec-fetch-site': site, accept: 'text/html' },
      new URLSearchParams({ ...inputs, ...fields }),
    );
  }

  /** Any request, with the cookies of this browser and without following redirects. */
  async send(
    url: string | URL,
    headers: Record<string, string> = {},
    form?: URLSearchParams,
  ): Promise<SeenPage> {
    const target = new URL(url);
    const cookies = this.#cookies.get(target.hostname) ?? new Map<string, string>();
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(target, {
      method: form === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      dispatcher: this.#agent,
      headers: {
        accept: 'text/html',
        ...(cookie === '' ? {} : { cookie }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
      ...(form === undefined ? {} : { body: form.toString() }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      const ended =
        value === '' ||
        attributes.some((it) => /^\s*(?:max-age=0|expires=thu, 01 jan 1970.*)$/i.test(it));
      if (ended) cookies.delete(name);
      else {
        cookies.set(name, value);
        this.cookieValues.push(value);
      }
    }
    this.#cookies.set(target.hostname, cookies);
    return {
      url: target,
      status: response.status,
      headers: response.headers,
      text: await response.text(),
    };
  }

  /** Names of the cookies for a host. */
  cookieNames(host: string): string[] {
    return [...(this.#cookies.get(host) ?? new Map<string, string>()).keys()];
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  async #go(
    start: URL,
    headers: Record<string, string>,
    form?: URLSearchParams,
  ): Promise<SeenPage> {
    let page = await this.send(start, headers, form);
    for (let count = 0; count < MAX_REDIRECTS; count += 1) {
      const location = page.headers.get('location');
      if (page.status < 300 || page.status >= 400 || location === null) return page;
      const next = new URL(location, page.url);
      if (next.href.startsWith(this.#stopAt)) return { ...page, url: next };
      page = await this.send(next);
    }
    throw new Error('too many redirects');
  }
}

/** Address of the link with this text. */
export function linkOf({ text, url }: SeenPage, label: RegExp): string {
  for (const [, attributes = '', content = ''] of text.matchAll(
    /<a\s([^>]*)>([\s\S]*?)<\/a\s*>/g,
  )) {
    const href = /href="([^"]*)"/.exec(attributes)?.[1];
    if (label.test(content) && href !== undefined) return decode(href);
  }
  throw new Error(`no link like ${String(label)} at ${url.href}:\n${text.slice(-1500)}`);
}

/** The form of a page with the fields that it comes with. */
export function formOf({ text, url }: SeenPage): {
  action: string;
  inputs: Record<string, string>;
} {
  const action = /<form[^>]*\saction="([^"]*)"/.exec(text)?.[1];
  if (action === undefined) throw new Error(`no form at ${url.href}:\n${text.slice(-1500)}`);
  const inputs: Record<string, string> = {};
  for (const [tag] of text.matchAll(/<input\s[^>]*>/g)) {
    const name = /\sname="([^"]*)"/.exec(tag)?.[1];
    const value = /\svalue="([^"]*)"/.exec(tag)?.[1];
    if (name === undefined || /\sdisabled/.test(tag)) continue;
    inputs[name] = decode(value ?? '');
  }
  return { action: decode(action), inputs };
}

function decode(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
