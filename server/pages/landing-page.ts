import { type ClientSettings, clientSettings } from '../../lib/contract/client-settings';
import { sitePath, siteStatusPath } from '../../lib/contract/endpoints';
import type { ServerDocument } from '../../lib/contract/server-document';
import type { Site } from '../../lib/contract/sites';
import { type Html, html } from './html';
import { type Page, brandOf, staticPage } from './page';

/** Stands for the address where the server does not know its own. */
const UNKNOWN_ADDRESS = 'https://ADDRESS-OF-THIS-SERVER';

type Served = Pick<ServerDocument, 'publicUrl' | 'sites' | 'auth' | 'readOnly' | 'supportContact'>;

/** What a person sees who opens the address of the server: the sites, and how to connect. */
export function landingPage(served: Served): Page {
  const { sites, supportContact } = served;
  const list = sites.map((site) => {
    const { name } = brandOf(site, null);
    return html`<li>
      <a href="${sitePath(site.name)}/">${name}</a>
      <small>${endpointOf(served, site)}</small>
      ${statusOf(site)}
    </li>`;
  });
  const body = html`<p>
      This server lets your AI assistant find datasets, replicas, rules and quotas in Rucio.
      ${abilities(served)}
    </p>
    <h2>Choose yours to see how to connect</h2>
    <ul class="sites">
      ${list}
    </ul>`;
  return staticPage({
    brand: { name: 'Rucio MCP', support: supportContact },
    title: 'Work with Rucio from your AI assistant',
    body,
    script: STATUS_SCRIPT,
    width: 'wide',
  });
}

/** The same for one site, with the settings of the common clients. */
export function sitePage(served: Served, site: Site): Page {
  const url = endpointOf(served, site);
  const bearer = bearerOf(served);
  const settings = clientSettings({
    name: `rucio-${site.name}`,
    url,
    bearer: bearer !== undefined,
  });
  const brand = brandOf(site, served.supportContact);
  const body = html`<p>${abilities(served)}</p>
    <p>${statusOf(site)}</p>
    <h2>Address</h2>
    <div class="row">
      <pre tabindex="0" id="url">${url}</pre>
      ${copyButton('url', 'the address')}
    </div>
    <h2>Settings of the common assistants</h2>
    ${
      bearer === undefined
        ? html`<p>
            On the first use, your browser opens: you see who asks for what, and sign in as usual.
          </p>`
        : html`<p class="note">${bearer} Keep it in a variable, as below, and in no file.</p>`
    }
    ${settings.some(({ link }) => link !== undefined) ? html`<div class="row">${settings.map(addButton)}</div>` : undefined}
    ${settings.map((it, index) => clientPart(it, index))}
    ${served.sites.length > 1 ? html`<p class="go"><a href="/">All sites of this server</a></p>` : undefined}`;
  return staticPage({
    brand,
    title: 'Connect your AI assistant',
    body,
    script: STATUS_SCRIPT + COPY_SCRIPT,
    width: 'wide',
  });
}

/** Which bearer a client needs; undefined where it gets one by a sign-in. */
function bearerOf({ auth }: Served): string | undefined {
  if (auth.mode === 'sharedSecret') return 'The bearer comes from the operator of this server.';
  return auth.tokenFormat === 'passthrough'
    ? 'The bearer is a token of yours for this Rucio, which you bring.'
    : undefined;
}

function addButton({ client, link }: ClientSettings): Html {
  return link === undefined
    ? html``
    : html`<a class="button main" href="${link}">Add to ${client}</a>`;
}

function clientPart({ client, where, text }: ClientSettings, index: number): Html {
  const id = `settings-${index}`;
  // Closed, the list is short; one is open, so that nobody has to guess what is in it.
  const open = index === 0 ? 'open' : '';
  return html`<details name="client" ${open}>
    <summary>${client}</summary>
    <div>
      <div class="row">
        <small>${sentence(where.replaceAll('`', ''))}</small>
        ${copyButton(id, `the settings of ${client}`)}
      </div>
      <pre tabindex="0" id="${id}">${text}</pre>
    </div>
  </details>`;
}

/** Shown by the script, where copying is possible. */
function copyButton(id: string, what: string): Html {
  return html`<button type="button" data-copy="${id}" aria-label="Copy ${what}" hidden>
    Copy
  </button>`;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function abilities({ auth, readOnly }: Served): string {
  const who =
    auth.mode === 'oidc'
      ? 'Everybody works as themselves, with what Rucio lets them see.'
      : 'All clients work as one account of Rucio.';
  return `${who} ${readOnly ? 'It can read, and change nothing.' : 'It can read, and make changes that you agree to.'}`;
}

const endpointOf = ({ publicUrl }: Served, { name }: Site) =>
  `${publicUrl ?? UNKNOWN_ADDRESS}${sitePath(name)}/`;

/** Filled in by the script: the page itself is the same at all times. */
function statusOf({ name }: Site): Html {
  return html`<span
    class="state"
    role="status"
    data-status="${siteStatusPath(name)}"
    hidden
  ></span>`;
}

const STATUS_SCRIPT = `
for(const line of document.querySelectorAll('[data-status]'))fetch(line.dataset.status).then(async answer=>answer.ok?(await answer.json()).rucio==='up':null,()=>false).then(up=>{if(up===null)return;line.textContent=up?'Rucio answers.':'Rucio does not answer at the moment.';line.classList.toggle('up',up);line.hidden=false});`;
const COPY_SCRIPT = `
if(navigator.clipboard)for(const button of document.querySelectorAll('[data-copy]')){button.hidden=false;button.addEventListener('click',async()=>{await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);const {ariaLabel}=button;if(ariaLabel==='Copied')return;button.textContent=button.ariaLabel='Copied';setTimeout(()=>{button.textContent='Copy';button.ariaLabel=ariaLabel},2000)})}`;
