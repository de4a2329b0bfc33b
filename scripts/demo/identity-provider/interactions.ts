import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import type Provider from 'oidc-provider';
import { type Interaction, type InteractionResults, errors } from 'oidc-provider';

import type { Page } from '../../../server/pages/page';
import type { ProviderSettings } from './provider-settings';
import { providerProblemPage, signInPage } from './sign-in-page';

/** Largest form, in bytes; ours have one field. */
const FORM_BYTES = 1024;

/** The part of a login between the authorization request and its answer: who is it? */
export class Interactions {
  readonly #provider: Provider;
  readonly #settings: ProviderSettings;

  constructor(provider: Provider, settings: ProviderSettings) {
    this.#provider = provider;
    this.#settings = settings;
  }

  /** Never rejects; what goes wrong becomes a page. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const login = await this.#provider.interactionDetails(request, response);
      if (login.prompt.name === 'consent') await this.#grant(login, request, response);
      else if (request.method === 'POST') await this.#signIn(request, response);
      else send(response, signInPage(this.#settings, request.url ?? ''));
    } catch (error) {
      const lost = error instanceof errors.SessionNotFound;
      const problem = lost ? 'This sign-in has ended, or was begun in another browser.' : undefined;
      if (!lost) process.stderr.write(`${String(error)}\n`);
      if (!response.headersSent) {
        send(response, providerProblemPage(problem ?? 'The sign-in failed.', lost ? 400 : 500));
      }
    }
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Browsers always tell the length.
    const isSmall = Number(request.headers['content-length']) <= FORM_BYTES;
    const form = isSmall ? new URLSearchParams(await text(request)) : new URLSearchParams();
    const result = this.#resultOf(form);
    if (result !== undefined) {
      await this.#provider.interactionFinished(request, response, result);
    } else send(response, providerProblemPage('There is no such person.', 400));
  }

  #resultOf(form: URLSearchParams): InteractionResults | undefined {
    if (form.get('decision') === 'cancel') {
      return { error: 'access_denied', error_description: 'the person chose Cancel' };
    }
    const chosen = form.get('person');
    const person = this.#settings.people.find(({ subject }) => subject === chosen);
    return person && { login: { accountId: person.subject, remember: false } };
  }

  /** Whoever signs in here has agreed; there is nothing to protect. */
  async #grant(
    { params, prompt, session, grantId }: Interaction,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { Grant } = this.#provider;
    const known = grantId === undefined ? undefined : await Grant.find(grantId);
    const grant =
      known ?? new Grant({ accountId: session?.accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope(String(params['scope']));
    const missing = prompt.details['missingResourceScopes'] as Record<string, string[]> | undefined;
    for (const [resource, scopes] of Object.entries(missing ?? {})) {
      grant.addResourceScope(resource, scopes.join(' '));
    }
    const consent = { grantId: await grant.save() };
    const options = { mergeWithLastSubmission: true };
    await this.#provider.interactionFinished(request, response, { consent }, options);
  }
}

function send(response: ServerResponse, { status, headers, body }: Page): void {
  response.writeHead(status, headers).end(body);
}
