import { randomBytes } from 'node:crypto';

import { Html, html } from './html';

/** A page with the headers that it has to be sent with. */
export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface PageContent {
  /** Of the site, shown above everything. */
  readonly site: string;
  readonly title: string;
  readonly body: Html;
  /** Text of a script; only for what the page can do without. */
  readonly script?: string;
  /** @default 200 */
  readonly status?: number;
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
label{display:block;margin:.75rem 0 .25rem}
label.check{display:flex;gap:.5rem;align-items:baseline;margin:.5rem 0}
input[type=text]{width:100%;padding:.6rem;border:1px solid var(--soft);border-radius:.4rem;background:transparent;color:inherit;font:inherit}
.buttons{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button,a.button{flex:1 1 10rem;padding:.7rem 1rem;border:2px solid var(--accent);border-radius:.5rem;background:transparent;color:var(--accent);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button.main,a.main{background:var(--accent);color:var(--on)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
small{color:var(--soft)}
`;

/**
 * A whole page: no content of others, no frame around it, nothing that is not in the text itself.
 *
 * @see RFC 9700 sections 4.2.4 and 4.16
 */
export function page({ site, title, body, script, status = 200 }: PageContent): Page {
  const nonce = randomBytes(16).toString('base64');
  const code =
    script === undefined
      ? undefined
      : html`<script nonce="${nonce}">
          ${new Html(script)};
        </script>`;
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} - ${site}</title>
        <style nonce="${nonce}">
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <p class="site">${site}</p>
          <h1>${title}</h1>
          ${body}
        </main>
        ${code}
      </body>
    </html> `;
  const policy = [
    "default-src 'none'",
    ...(script === undefined ? [] : [`script-src 'nonce-${nonce}'`]),
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    // Never to another origin: a browser would stop a redirect after the form. Links are free.
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    status,
    body: text.text,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': policy.join('; '),
      'x-frame-options': 'DENY',
      // no-referrer would make browsers send "Origin: null" with our own forms.
      'referrer-policy': 'same-origin',
    },
  };
}
