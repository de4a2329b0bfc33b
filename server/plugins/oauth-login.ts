import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { OAUTH } from '../../lib/contract/endpoints';
import { LoginFlow, type FormRequest, type Step } from '../auth/oauth/login-flow';
import { readLoginCookie } from '../auth/oauth/login-cookie';
import { type OAuthSite, isKnownClient } from '../auth/oauth/oauth-site';
import type { Parameters } from '../auth/oauth/parameters';
import { problemPage } from '../auth/oauth/pages/login-pages';
import { formOf, registerFormBody, registerPageErrors, signalOf } from './oauth-form';

/** The pages of a login. No other origin may read or send anything here. */
export function registerOAuthLogin(app: FastifyInstance, oauth: OAuthSite): void {
  const flow = new LoginFlow(oauth);
  const { path, origin } = oauth.urls;
  registerFormBody(app);
  registerPageErrors(app, oauth.brand);

  const { limits } = oauth;
  const limitStep = async ({ ip, headers }: FastifyRequest, txn: string) => {
    const carried = await readLoginCookie(oauth.vault, txn, headers.cookie);
    if (carried === undefined) limits.foreignStep(ip);
    else limits.stepOf(txn);
  };

  app.get(`${path}/${OAUTH.authorize}`, async (request, reply) => {
    const query = queryOf(request);
    const clientId = new URLSearchParams(query).get('client_id') ?? '';
    if (await isKnownClient(oauth, clientId)) limits.asNamed(request.ip, clientId);
    else limits.asUnknown(request.ip);
    return answer(reply, await flow.authorize(query));
  });
  app.get(`${path}/${OAUTH.bridge}`, async (request, reply) => {
    const txn = new URLSearchParams(queryOf(request)).get('txn') ?? '';
    await limitStep(request, txn);
    return answer(reply, await flow.bridge(txn, request.headers.cookie));
  });
  const post = (
    endpoint: string,
    step: (form: FormRequest, request: FastifyRequest) => Promise<Step>,
  ) => {
    app.post(`${path}/${endpoint}`, async (request, reply) => {
      const form: Parameters | undefined = formOf(request);
      if (!isOwnForm(request, origin) || form === undefined) {
        limits.foreignStep(request.ip);
        const what =
          'This form was not sent by a page of this server. Start again from your program.';
        const page = problemPage(oauth.brand, what, { status: 403 });
        return answer(reply, { kind: 'page', page });
      }
      await limitStep(request, form.get('txn') ?? '');
      const { cookie: cookies } = request.headers;
      return answer(reply, await step({ form, cookies, signal: signalOf(reply) }, request));
    });
  };
  post(OAUTH.consent, (form, { ip }) => {
    if (form.form.get('decision') === 'allow') limits.startLogin(ip);
    return flow.consent(form);
  });
  post(OAUTH.status, (form, request) =>
    flow.status(form, request.headers.accept === 'application/json'),
  );
  post(OAUTH.finish, (form) => flow.finish(form));
}

/**
 * Whether a browser sent the form from a page of ours. Every current browser says so in one of two
 * headers; a request without any is none of theirs.
 */
function isOwnForm({ headers }: FastifyRequest, own: string): boolean {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  return origin === own || (site === 'same-origin' && (origin === undefined || origin === 'null'));
}

function answer(reply: FastifyReply, step: Step): FastifyReply {
  if (step.kind === 'state') return reply.send({ state: step.state });
  if (step.cookie !== undefined) reply.header('Set-Cookie', step.cookie);
  // 303, so that a form is never sent on. RFC 9700 section 4.12.
  if (step.kind === 'redirect') return reply.code(303).header('Location', step.location).send();
  const { status, headers, body } = step.page;
  return reply.code(status).headers(headers).send(body);
}

function queryOf({ raw }: FastifyRequest): string {
  const url = raw.url ?? '';
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}
