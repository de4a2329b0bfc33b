import { type ClientSettings, clientSettings } from '../../lib/contract/client-settings';
import { PATHS, sitePath } from '../../lib/contract/endpoints';
import type { ServerDocument } from '../../lib/contract/server-document';
import type { Site } from '../../lib/contract/sites';
import { type Html, html } from './html';
import { type Page, staticPage } from './page';

/** Stands for the address where the server does not know its own. */
const UNKNOWN_ADDRESS = 'https://ADDRESS-OF-THIS-SERVER';

type Served = Pick<ServerDocument, 'publicUrl' | 'sites' | 'auth' | 'readOnly' | 'supportContact'>;

/** What a person sees who opens the address of the server: the sites, and how to connect. */
export function landingPage(served: Served): Page {
  const { sites, supportContact } = served;
  const list = sites.map(
    (site) =>
      html`<li>
        <a href="${sitePath(site.name)}/">${titleOf(site)}</a>
        <small>${endpointOf(served, site)}</small>
      </li>`,
  );
  const body = html`${STATUS}
    <p>
      This is an MCP server: it lets an AI assistant find datasets, replicas, rules and quotas in
      Rucio. ${abilities(served)}
    </p>
    <h2>Sites</h2>
    <ul>
      ${list}
    </ul>
    <p>Choose yours to see how to connect.</p>`;
  return staticPage({
    brand: { name: 'Rucio MCP', support: supportContact },
    title: 'Rucio for AI assistants',
    body,
    script: STATUS_SCRIPT,
    width: 'wide',
  });
}

/** The same for one site, with the settings of the common clients. */
export function sitePage(served: Served, site: Site): Page {
  const url = endpointOf(served, site);
  const bearer = served.auth.mode === 'sharedSecret';
  const settings = clientSettings({ name: `rucio-${site.name}`, url, bearer });
  const body = html`${STATUS}
    <p>${abilities(served)}</p>
    <div class="row">
      <pre tabindex="0" id="url">${url}</pre>
      <button type="button" data-copy="url" hidden>Copy</button>
    </div>
    <h2>Connect your assistant</h2>
    ${
      bearer
        ? html`<p class="note">
            The bearer comes from the operator of this server. Keep it in a variable, as below, and
            in no file.
          </p>`
        : html`<p>
            On the first use, your browser opens: you see who asks for what, and sign in as usual.
          </p>`
    }
    ${settings.map((it, index) => clientPart(it, index))}
    <p><a href="/">All sites of this server</a></p>`;
  return staticPage({
    brand: { name: titleOf(site), support: served.supportContact },
    title: `Connect to ${titleOf(site)}`,
    body,
    script: STATUS_SCRIPT + COPY_SCRIPT,
    width: 'wide',
  });
}

function clientPart({ client, where, text, link }: ClientSettings, index: number): Html {
  const id = `settings-${index}`;
  return html`<h3>${client}</h3>
    <div class="row">
      <small>${where.replaceAll('`', '')}</small>
      ${link === undefined ? undefined : html`<a class="button" href="${link}">Add to ${client}</a>`}
      <button type="button" data-copy="${id}" hidden>Copy</button>
    </div>
    <pre tabindex="0" id="${id}">${text}</pre>`;
}

function abilities({ auth, readOnly }: Served): string {
  const who =
    auth.mode === 'oidc'
      ? 'Everybody works as themselves, with what Rucio lets them see.'
      : 'All clients work as one account of Rucio.';
  return `${who} ${readOnly ? 'It can read, and change nothing.' : 'It can read, and make changes that you agree to.'}`;
}

const titleOf = ({ title, name }: Site) => title ?? name;

const endpointOf = ({ publicUrl }: Served, { name }: Site) =>
  `${publicUrl ?? UNKNOWN_ADDRESS}${sitePath(name)}/`;

/** Filled in by the script: the page itself is the same at all times. */
const STATUS = html`<p id="status" role="status" hidden></p>`;
const STATUS_SCRIPT = `
const status=document.getElementById('status');
fetch('${PATHS.readyz}').then(answer=>answer.ok?'The server is ready.':'The server is stopping; another one takes over.',()=>'The server does not answer.').then(text=>{status.textContent=text;status.hidden=false});`;
const COPY_SCRIPT = `
if(navigator.clipboard)for(const button of document.querySelectorAll('[data-copy]')){button.hidden=false;button.addEventListener('click',async()=>{await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);button.textContent='Copied';setTimeout(()=>{button.textContent='Copy'},2000)})}`;
