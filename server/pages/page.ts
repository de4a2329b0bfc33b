import { createHash, randomBytes } from 'node:crypto';

import { Html, html } from './html';

/** A page with the headers that it has to be sent with. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a page is signed with. */
export interface Brand {
  /** What people call the site or the service; shown above everything. */
  readonly name: string;
  /** `https:` or `mailto:` URL where users find help; shown below. */
  readonly support: string | null;
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

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#566070;--line:#d5dae2;--page:#f4f6f9;--card:#fff;--accent:#0b57a4;--on:#fff;--warn:#8a4b00;--warnbg:#fff4e0}
@media (prefers-color-scheme:dark){:root{--ink:#e8ecf2;--soft:#a9b3c1;--line:#3a4453;--page:#12161c;--card:#1b212a;--accent:#8ec1ff;--on:#0c1420;--warn:#ffcf8f;--warnbg:#33260f}}
*{box-sizing:border-box}
body{margin:0;padding:2rem 1rem;background:var(--page);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:1.5rem 2rem 2rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
.site{margin:0;color:var(--soft);font-size:.9rem;font-weight:600}
h1{margin:.25rem 0 1rem;font-size:1.4rem;line-height:1.25}
dl{margin:1rem 0;border-top:1px solid var(--line)}
dl div{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.5rem 0;border-bottom:1px solid var(--line)}
dt{flex:0 0 8rem;color:var(--soft)}
dd{flex:1 1 12rem;margin:0;overflow-wrap:anywhere}
.note{padding:.75rem 1rem;border-radius:.5rem;background:var(--warnbg);color:var(--warn)}
fieldset{margin:1rem 0;padding:.25rem 1rem .5rem;border:1px solid var(--line);border-radius:.5rem}
legend{color:var(--soft)}
label{display:block;margin:.75rem 0 .25rem}
label.check{display:flex;gap:.5rem;align-items:baseline;margin:.5rem 0}
input[type=text]{width:100%;padding:.6rem;border:1px solid var(--soft);border-radius:.4rem;background:transparent;color:inherit;font:inherit}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button,a.button{flex:1 1 10rem;padding:.7rem 1rem;border:2px solid var(--accent);border-radius:.5rem;background:transparent;color:var(--accent);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button.main,a.main{background:var(--accent);color:var(--on)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
small{color:var(--soft)}
main.wide{max-width:46rem}
h2{margin:2rem 0 .5rem;font-size:1.1rem}
h3{margin:1.25rem 0 .25rem;font-size:1rem}
pre{margin:.25rem 0;padding:.75rem;border:1px solid var(--line);border-radius:.5rem;background:var(--page);overflow-x:auto;font:.85rem/1.45 ui-monospace,monospace}
a{color:var(--accent)}
footer{max-width:46rem;margin:1rem auto 0;text-align:center;color:var(--soft);font-size:.9rem}
.row{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.row button,.row a.button{flex:0 0 auto;padding:.35rem .75rem;border-width:1px;font-size:.9rem}
`;

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
        <main class="${width}">
          <p class="site">${brand.name}</p>
          <h1>${title}</h1>
          ${body}
        </main>
        ${brand.support === null ? undefined : html`<footer>Need help? <a href="${brand.support}">${brand.support.replace(/^mailto:/, '')}</a></footer>`}
        ${code}
      </body>
    </html> `.text;
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
