import { html } from '../../server/pages/html';
import { type Page, page } from '../../server/pages/page';

const BRAND = { name: 'npm run try', support: null };

/** What the browser shows when it has brought the answer. */
export function answerPage(refusal: string | undefined): Page {
  if (refusal === undefined) {
    const body = html`<p>You can close this page and go back to the terminal.</p>`;
    return page({ brand: BRAND, title: 'Signed in', body });
  }
  const body = html`<p role="alert">The sign-in was refused: ${refusal}.</p>`;
  return page({ brand: BRAND, title: 'Not signed in', body });
}

export function strayPage(): Page {
  const body = html`<p role="alert">This is not the answer to a sign-in that was begun here.</p>`;
  return page({ brand: BRAND, title: 'This did not work', body, status: 400 });
}
