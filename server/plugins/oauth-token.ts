import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { OAUTH } from '../../lib/contract/endpoints';
import { authenticateClient } from '../auth/oauth/clients/authenticate-client';
import { registerClient } from '../auth/oauth/clients/registration';
import { type OAuthSite, isKnownClient } from '../auth/oauth/oauth-site';
import type { Parameters } from '../auth/oauth/parameters';
import { StateStoreUnavailable } from '../auth/oauth/grant-store';
import { answerTokenRequest, revoke } from '../auth/oauth/token-endpoint';
import { registerOpenCors } from './oauth-cors';
import { FORM_BYTES, formOf, registerFormBody, registerOAuthErrors } from './oauth-form';

/** How clients with a secret prove themselves. */
const BASIC = 'Basic realm="rucio-mcp", charset="UTF-8"';

/** What clients ask without a browser: register, get, renew and withdraw tokens. */
export function registerOAuthTokens(app: FastifyInstance, oauth: OAuthSite): void {
  const { path } = oauth.urls;
  registerOpenCors(app, 'POST');
  registerOAuthErrors(app);
  registerFormBody(app);
  const twice = (reply: FastifyReply) =>
    noStore(reply.code(400)).send({
      error: 'invalid_request',
      error_description: 'the body is missing, or a parameter is there twice',
    });

  /** The client that asks; where that is nobody, it is answered already. */
  const clientOf = async (request: FastifyRequest, reply: FastifyReply, form: Parameters) => {
    const client = await authenticateClient(oauth, form, request.headers.authorization);
    // Who only names a client, or fails to prove to be it, takes nothing from it elsewhere.
    const isKnown = client.ok && (await isKnownClient(oauth, client.id));
    if (!isKnown) oauth.limits.asUnknown(request.ip);
    else if (client.isProven) oauth.limits.asClient(request.ip, client.id);
    else oauth.limits.asNamed(request.ip, client.id);
    if (client.ok) return { ...client, isKnown };
    const { error, description: detail } = client;
    const { name } = client;
    oauth.record('token_refused', {
      reason: error,
      detail,
      ...(name === undefined ? {} : { client: name }),
    });
    // RFC 9110 section 15.5.2, RFC 6749 section 5.2.
    if (error === 'invalid_client') reply.code(401).header('WWW-Authenticate', BASIC);
    else reply.code(400);
    await noStore(reply).send({ error, error_description: detail });
    return undefined;
  };

  app.post(`${path}/${OAUTH.token}`, async (request, reply) => {
    const form = formOf(request);
    if (form === undefined) return twice(reply);
    const client = await clientOf(request, reply, form);
    if (client === undefined) return reply;
    const asked = { parameters: form, clientId: client.id };
    const answer = await answerTokenRequest(oauth, asked).catch((error: unknown) => {
      if (error instanceof StateStoreUnavailable) {
        oauth.record('token_refused', { reason: 'temporarily_unavailable', detail: error.code });
      }
      throw error;
    });
    oauth.record(answer.event, answer.details);
    if (answer.status === 200 && !client.isKnown) oauth.limits.forgive(request.ip);
    if (answer.retryAfterSeconds !== undefined) {
      reply.header('Retry-After', answer.retryAfterSeconds);
    }
    return noStore(reply.code(answer.status)).send(answer.body);
  });
  app.post(`${path}/${OAUTH.revoke}`, async (request, reply) => {
    const form = formOf(request);
    if (form?.has('token') !== true) return twice(reply);
    const client = await clientOf(request, reply, form);
    if (client === undefined) return reply;
    const details = await revoke(oauth, { parameters: form, clientId: client.id });
    if (details !== undefined) oauth.record('token_revoked', details);
    return noStore(reply.code(200)).send({});
  });
  for (const name of [OAUTH.token, OAUTH.revoke, OAUTH.register]) {
    app.options(`${path}/${name}`, (_request, reply) => reply.code(204).send());
  }
}

/** Registration has a body of another kind, hence a scope of its own. */
export function registerOAuthRegistration(app: FastifyInstance, oauth: OAuthSite): void {
  registerOpenCors(app, 'POST');
  registerOAuthErrors(app);
  const options = { bodyLimit: FORM_BYTES };
  app.post(`${oauth.urls.path}/${OAUTH.register}`, options, async (request, reply) => {
    oauth.limits.register(request.ip);
    const issuedAt = Math.floor(oauth.clock() / 1000);
    const registered = await registerClient(oauth.vault, request.body, issuedAt);
    if (registered.ok) {
      oauth.record('client_registered', { client: registered.name });
      return noStore(reply.code(201)).send(registered.answer);
    }
    oauth.record('registration_refused', {
      reason: registered.error,
      detail: registered.description,
    });
    return noStore(reply.code(400)).send({
      error: registered.error,
      error_description: registered.description,
    });
  });
}

function noStore(reply: FastifyReply): FastifyReply {
  return reply.headers({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
}
