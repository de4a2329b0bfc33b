import { createHash, randomBytes } from 'node:crypto';

import type { Site } from '../../lib/contract/sites';
import { Html, html } from './html';
import { STYLE } from './style';

/** A page with the headers that it has to be sent with. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whose page it is. */
export interface Brand {
  /** Stands where others have a logo. @default the name */
  readonly logo?: string;
  /** What it is, in a few words. @default 'Rucio for AI assistants' */
  readonly about?: string;
  /** What people call the site or the service. */
  readonly name: string;
  /** `https:` or `mailto:` URL where users find help; shown below. */
  readonly support: string | null;
}

/** @param contact - where help is, if the site itself names nothing */
export function brandOf(site: Site, contact: string | null): Brand {
  const name = site.title ?? site.name;
  return { name, logo: site.logoText ?? name, support: site.supportContact ?? contact };
}

export interface PageContent {
  readonly brand: Brand;
  readonly title: string;
  readonly body: Html;
  /** Text of a script; only for what the page can do without. */
  readonly script?: string;
  /** @default 200 */
  readonly status?: number;
  /** @default 'form' */
  readonly width?: 'form' | 'wide';
}

/**
 * A whole page: no content of others, no frame around it, nothing that is not in the text itself.
 *
 * @see RFC 9700 sections 4.2.4 and 4.16
 */
export function page(content: PageContent): Page {
  const nonce = randomBytes(16).toString('base64');
  const attribute = new Html(` nonce="${nonce}"`);
  return {
    status: content.status ?? 200,
    body: document(content, attribute),
    headers: {
      ...COMMON_HEADERS,
      'cache-control': 'no-store',
      'content-security-policy': policy(`'nonce-${nonce}'`, `'nonce-${nonce}'`, content),
    },
  };
}

/**
 * A page that is the same for everybody, and may be kept for a while: its own style and script are
 * allowed by their digests.
 */
export function staticPage(content: PageContent): Page {
  const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const body = document(content, new Html(''));
  return {
    status: content.status ?? 200,
    body,
    headers: {
      ...COMMON_HEADERS,
      'cache-control': 'public, max-age=300',
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`,
      vary: 'Accept',
      'content-security-policy': policy(digest(STYLE), digest(content.script ?? ''), content),
    },
  };
}

const COMMON_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'x-frame-options': 'DENY',
  // no-referrer would make browsers send "Origin: null" with our own forms.
  'referrer-policy': 'same-origin',
};

function document(content: PageContent, attribute: Html): string {
  const { brand, title, body, script, width = 'form' } = content;
  const { name, logo = name, about = 'Rucio for AI assistants' } = brand;
  const code =
    script === undefined ? undefined : new Html(`<script${attribute.text}>${script}</script>`);
  // Not laid out: the digest of the policy is of exactly this text.
  const style = new Html(`<style${attribute.text}>${STYLE}</style>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} - ${brand.name}</title>
        ${style}
      </head>
      <body>
        <header class="${width}">
          <div>
            <span class="logo">${logo}</span>
            <span class="what">${about}</span>
          </div>
        </header>
        <main class="${width}">
          ${name === logo ? undefined : html`<p class="site">${name}</p>`}
          <h1>${title}</h1>
          ${body}
        </main>
        ${brand.support === null ? undefined : html`<footer>Need help? <a href="${brand.support}">${contactText(brand.support)}</a></footer>`}
        ${code}
      </body>
    </html> `.text;
}

/** A contact as people write it: `help@example.org`, `help.example.org/rucio`. */
function contactText(contact: string): string {
  return contact.startsWith('mailto:')
    ? contact.replace(/^mailto:|\?.*$/g, '')
    : contact.replace(/^https:\/\/|\/$/g, '');
}

function policy(style: string, code: string, { script }: PageContent): string {
  return [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src ${code}`]),
    `style-src ${style}`,
    "connect-src 'self'",
    // Never to another origin: a browser would stop a redirect after the form. Links are free.
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
