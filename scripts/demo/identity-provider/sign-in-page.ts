import { html } from '../../../server/pages/html';
import { type Page, page } from '../../../server/pages/page';
import type { ProviderSettings } from './provider-settings';

const BRAND = { name: 'Demo identity provider', about: 'of the demo Rucio', support: null };

/** Who is it? Everybody may be anybody here, and the page says so. */
export function signInPage({ people, client }: ProviderSettings, action: string): Page {
  const persons = people.map(
    ({ subject, name, note }) => html`
      <div class="buttons">
        <button name="person" value="${subject}">${name}<br /><small>${note}</small></button>
      </div>
    `,
  );
  const body = html`
    <p class="note">
      This is a demonstration on this computer. These people are made up, and nobody needs a
      password. Yours does not belong here.
    </p>
    <p>Rucio wants to know who you are. Choose a person:</p>
    <form method="post" action="${action}">
      ${persons}
      <div class="buttons"><button name="decision" value="cancel">Cancel</button></div>
    </form>
  `;
  return leadingTo(
    new URL(client.redirectUri).origin,
    page({ brand: BRAND, title: 'Sign in', body }),
  );
}

export function providerProblemPage(problem: string, status: number): Page {
  const body = html`<p role="alert">${problem}</p>
    <p>Go back to your program and start the sign-in again.</p>`;
  return page({ brand: BRAND, title: 'This did not work', body, status });
}

/** The form's answer leads on to Rucio, which browsers stop where the policy does not name it. */
function leadingTo(origin: string, content: Page): Page {
  const policy = content.headers['content-security-policy'] ?? '';
  const own = "form-action 'self'";
  const headers = {
    ...content.headers,
    'content-security-policy': policy.replace(own, `${own} ${origin}`),
  };
  return { ...content, headers };
}
