import { OAUTH } from '../../../../lib/contract/endpoints';
import { SCOPES } from '../../../../lib/contract/scopes';
import { isLoopbackRedirect, redirectTarget } from '../clients/redirect-uri';
import type { SiteUrls } from '../site-urls';
import type { Content } from '../vault';
import { type Html, html } from '../../../pages/html';
import { type Brand, type Page, page } from '../../../pages/page';

/** What all pages of one login know. */
export interface LoginView {
  readonly brand: Brand;
  readonly urls: SiteUrls;
  /** Id of the login. */
  readonly txn: string;
  readonly login: Content<'login'>;
}

const WAIT_MS = 2000;
/** Where the server is in trouble, or its limit is reached. */
const BUSY_WAIT_MS = 10_000;

/** Asks the user whether this program may work for them, before anything else happens. */
export function consentPage(view: LoginView, problem?: string): Page {
  const { login, brand } = view;
  const writes = login.scope.split(' ').includes(SCOPES.write);
  const body = html` ${problem === undefined ? undefined : html`<p class="note" role="alert">${problem}</p>`}
    <p>
      <strong>${login.clientName}</strong> asks to use Rucio as you. If you did not start this a
      moment ago, choose Deny and close this page.
    </p>
    <dl>
      <div>
        <dt>Program</dt>
        <dd>${login.clientName}<br /><small>${originOf(login)}</small></dd>
      </div>
      <div>
        <dt>Answer goes to</dt>
        <dd>${redirectTarget(login.redirect)}</dd>
      </div>
      <div>
        <dt>Rucio</dt>
        <dd>${brand.name}</dd>
      </div>
    </dl>
    ${
      isLoopbackRedirect(login.redirect)
        ? html`<p class="note">
            The answer goes to an app on this computer (localhost). Any program that runs here can
            ask like this, under any name: allow it only if you have just started it yourself.
          </p>`
        : undefined
    }
    ${form(
      view,
      OAUTH.consent,
      html` <fieldset>
          <legend>It may</legend>
          <label class="check"
            ><input type="checkbox" checked disabled /> see what you can see in Rucio</label
          >
          ${writes ? html`<label class="check"><input type="checkbox" name="write" value="yes" checked /> make changes in your name, such as rules</label>` : undefined}
        </fieldset>
        <label for="account"
          >Rucio account <small>(leave empty for your default account)</small></label
        >
        <input
          type="text"
          id="account"
          name="account"
          maxlength="25"
          pattern="[a-z0-9_\\-]{1,25}"
          autocomplete="username"
          autocapitalize="none"
          spellcheck="false"
        />
        <div class="buttons">
          <button class="main" name="decision" value="allow">Allow</button>
          <button name="decision" value="deny" formnovalidate>Deny</button>
        </div>`,
    )}`;
  return page({
    brand,
    title: 'Allow this program?',
    body,
    status: problem === undefined ? 200 : 400,
  });
}

/** How much there is to the name of the program. */
function originOf({ clientIsConfigured, clientHost }: Content<'login'>): string {
  if (clientIsConfigured) return 'known to the operators of this server';
  return clientHost === null
    ? 'it says so itself; nobody has checked it'
    : `described at ${clientHost}`;
}

/** Sends the user to Rucio's sign-in and waits for it. */
export function bridgePage(view: LoginView, mode: 'poll' | 'code', problem?: string): Page {
  const { login, brand } = view;
  const note =
    problem === undefined ? undefined : html`<p class="note" role="alert">${problem}</p>`;
  const link = html`<p class="go">
    <a class="button main" href="${login.loginUrl ?? ''}" target="_blank" rel="noopener noreferrer"
      >Sign in at ${brand.name}</a
    >
  </p>`;
  return mode === 'code' ? codePage(view, note, link) : waitingPage(view, note, link);
}

function codePage(view: LoginView, note: Html | undefined, link: Html): Page {
  const body = html`${note}
    <p class="note">Never give the code to anybody, and paste no code that somebody sent you.</p>
    <ol class="steps">
      <li>Sign in on the page that opens. At its end it shows a code. ${link}</li>
      <li>
        Copy the code and paste it here.
        ${form(
          view,
          OAUTH.status,
          html`<label for="code">Code</label>
            <input
              type="text"
              id="code"
              name="code"
              maxlength="80"
              autocomplete="off"
              autocapitalize="none"
              spellcheck="false"
              required
            />
            <div class="buttons"><button class="main">Continue</button></div>`,
        )}
      </li>
    </ol>`;
  return page({ brand: view.brand, title: 'Sign in', body });
}

const WAITING = 'Waiting for your sign-in. This page goes on by itself.';

function waitingPage(view: LoginView, note: Html | undefined, link: Html): Page {
  const body = html`${note}
    <p class="note">
      Use only the button on this page. Whoever knows a sign-in link can work as the person who
      signs in with it: open none that somebody sent you, and give this one to nobody.
    </p>
    <ol class="steps">
      <li>Sign in on the page that opens. ${link}</li>
      <li>
        Come back here.
        ${form(
          view,
          OAUTH.status,
          html`<p id="waiting" class="waiting" role="status" hidden>${WAITING}</p>
            <div class="buttons"><button>I have signed in</button></div>`,
          'wait',
        )}
      </li>
    </ol>`;
  const script = `
const form=document.getElementById('wait'),waiting=document.getElementById('waiting');
const say=text=>{if(waiting.textContent!==text)waiting.textContent=text};
waiting.hidden=false;
const look=async()=>{let wait=${WAIT_MS};try{
const answer=await fetch(${JSON.stringify(`${view.urls.path}/${OAUTH.status}`).replaceAll('<', '\\u003c')},{method:'POST',headers:{Accept:'application/json'},body:new URLSearchParams(new FormData(form))});
if(answer.status===429||answer.status>=500){wait=${BUSY_WAIT_MS};say('The server is busy. This page keeps trying.')}
else{const state=answer.ok?(await answer.json()).state:'go on';
if(state==='go on'){form.submit();return}
say(state==='waiting'?'${WAITING}':'Rucio does not answer at the moment. This page keeps trying.')}
}catch{wait=${BUSY_WAIT_MS};say('The server does not answer. This page keeps trying.')}
setTimeout(look,wait)};
setTimeout(look,${WAIT_MS});`;
  return page({ brand: view.brand, title: 'Sign in', body, script });
}

/** Shows whose session it is before the program gets it. */
export function accountPage(view: LoginView, account: string): Page {
  const { login, brand } = view;
  const changes = login.scope.split(' ').includes(SCOPES.write);
  const body = html` <p>
      You are signed in. <strong>${login.clientName}</strong> will work as this account. If it is
      not yours, choose Cancel.
    </p>
    <dl>
      <div>
        <dt>Rucio account</dt>
        <dd><strong>${account}</strong></dd>
      </div>
      <div>
        <dt>Rucio</dt>
        <dd>${brand.name}</dd>
      </div>
      <div>
        <dt>It may</dt>
        <dd>
          ${changes ? 'see and change what this account can' : 'see what this account can see'}
        </dd>
      </div>
    </dl>
    ${form(
      view,
      OAUTH.finish,
      html` <div class="buttons">
        <button class="main" name="decision" value="continue">Continue as ${account}</button>
        <button name="decision" value="cancel">Cancel</button>
      </div>`,
    )}`;
  return page({ brand, title: `Signed in as ${account}`, body });
}

/** Leaves for the client. A redirect could not: browsers stop one that leads a form elsewhere. */
export function leavePage(brand: Brand, location: string, clientName: string): Page {
  const body = html`<p>
      You are sent back to ${clientName}. If nothing happens, use the button; then you can close
      this page.
    </p>
    <p class="go">
      <a class="button main" id="back" href="${location}" rel="noreferrer">Back to ${clientName}</a>
    </p>`;
  const script = `location.replace(document.getElementById('back').href);`;
  return page({ brand, title: 'Done', body, script });
}

/** Tells what went wrong, and leads back to the client where that is allowed. */
export function problemPage(
  brand: Brand,
  what: string,
  options: { readonly status: number; readonly back?: string; readonly heading?: string },
): Page {
  const back = options.back;
  const body = html` <p role="alert">${what}</p>
    ${back === undefined ? undefined : html`<p class="go"><a class="button" href="${back}" rel="noreferrer">Back to the program</a></p>`}`;
  return page({
    brand,
    title: options.heading ?? 'This did not work',
    body,
    status: options.status,
  });
}

function form({ urls, txn, login }: LoginView, action: string, content: Html, id = 'form'): Html {
  return html`<form id="${id}" method="post" action="${urls.path}/${action}">
    <input type="hidden" name="txn" value="${txn}" />
    <input type="hidden" name="csrf" value="${login.csrf}" />
    ${content}
  </form>`;
}
