import type { Manifest } from '../../constructs/checks/manifest';
import { PATHS, sitePath } from '../../contract/endpoints';
import { formatPath } from '../../contract/issues';
import type { Plan } from '../../contract/plan';
import { clientSettings } from '../../contract/client-settings';

/** Where a forwarded Service is on the operator's computer. */
const FORWARDED_PORT = 8080;

export interface NotesOptions {
  readonly plan: Plan;
  readonly manifests: readonly Manifest[];
  /** What to give to `kubectl apply`; `undefined` where nothing was written. */
  readonly target: string | undefined;
}

/**
 * What an operator does after synth, as Markdown: apply and watch, where the endpoints are, how
 * clients get in. It holds names of Secrets, and nothing of what they hold.
 */
export function deploymentNotes(options: NotesOptions): string {
  const { release } = options.plan;
  const parts = [
    `# ${release.name} in namespace ${release.namespace}`,
    mode(options.plan),
    warnings(options.plan),
    rollout(options),
    endpoints(options.plan),
    bearer(options.plan),
    clients(options.plan),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Whether clients present a Rucio token; the Python server of `pixi` signs users in. */
function passesThrough({ server, values }: Plan): boolean {
  return (
    server.auth.mode === 'oidc' &&
    server.auth.tokenFormat === 'passthrough' &&
    values.runtime.kind !== 'pixi'
  );
}

function mode(plan: Plan): string {
  const { values } = plan;
  if (passesThrough(plan)) return 'Mode: oidc, passthrough. Every client brings a Rucio token.';
  return values.auth.mode === 'oidc'
    ? 'Mode: oidc. Every user signs in at Rucio as themselves.'
    : `Mode: sharedSecret. One robot (account ${values.auth.sharedSecret.rucioAccount}, ` +
        `${values.auth.sharedSecret.authType}) behind one bearer.`;
}

function warnings({ notes }: Plan): string {
  if (notes.length === 0) return '';
  const lines = notes.map(({ path, message, fix }) => {
    return `- ${formatPath(path)}: ${message}${fix === undefined ? '' : `; ${fix}`}`;
  });
  return `## To look at\n\n${lines.join('\n')}`;
}

function rollout({ plan, manifests, target }: NotesOptions): string {
  const kubectl = `kubectl -n ${plan.release.namespace}`;
  const smoke = manifests.find(
    ({ kind, metadata }) =>
      kind === 'Job' && metadata.labels?.['app.kubernetes.io/component'] === 'smoke-test',
  );
  const check =
    smoke === undefined
      ? [forward(plan), `curl -fsS http://127.0.0.1:${FORWARDED_PORT}${PATHS.healthz}`]
      : [`${kubectl} wait --for=condition=complete --timeout=2m job/${smoke.metadata.name}`];
  return section('Roll out and test', [
    ...secretsToMake(plan).map((secret) => `${kubectl} get secret ${secret}  # has to exist`),
    ...(target === undefined ? [] : [`kubectl apply ${target}`]),
    `${kubectl} rollout status deploy/${plan.fullName}`,
    ...check,
  ]);
}

/** The Secrets that the operator makes: the pods wait for them. */
function secretsToMake({ secrets, bearerSecret }: Plan): string[] {
  const names = secrets.map(({ secret }) => secret).filter((name) => name !== bearerSecret?.name);
  return [...new Set(names)];
}

function forward({ release, fullName, values }: Plan): string {
  return (
    `kubectl -n ${release.namespace} port-forward svc/${fullName} ` +
    `${FORWARDED_PORT}:${values.service.port} &`
  );
}

function baseUrl({ publicUrl }: Plan): string {
  return publicUrl ?? `http://127.0.0.1:${FORWARDED_PORT}`;
}

function siteUrls(plan: Plan): { readonly site: string; readonly url: string }[] {
  return plan.server.sites.map(({ name }) => ({
    site: name,
    url: `${baseUrl(plan)}${sitePath(name)}/`,
  }));
}

function endpoints(plan: Plan): string {
  const lines = siteUrls(plan).map(({ site, url }) => `- ${site}: ${url}`);
  const how =
    plan.publicUrl === null
      ? `\n\nNothing exposes the server. From this computer:\n\n${block('sh', forward(plan))}`
      : '';
  return `## Endpoints\n\n${lines.join('\n')}${how}`;
}

function bearer(plan: Plan): string {
  if (passesThrough(plan)) {
    return (
      '## Bearer\n\nEvery user brings their own Rucio token, e.g. what `rucio whoami` has left in ' +
      'the token file of the Rucio client.'
    );
  }
  if (plan.values.auth.mode === 'oidc') {
    return '## Bearer\n\nNone to hand out: a client discovers the OAuth endpoints from the URL.';
  }
  const mount = plan.secrets.find(({ volume }) => volume === 'bearer');
  if (mount === undefined) return '';
  const key = (mount.keys[0] ?? '').replaceAll('.', '\\.');
  return section('Bearer', [
    `kubectl -n ${plan.release.namespace} get secret ${mount.secret} \\\n` +
      `  -o jsonpath='{.data.${key}}' | base64 -d; echo`,
  ]);
}

function clients(plan: Plan): string {
  const [first] = siteUrls(plan);
  if (first === undefined) return '';
  const settings = clientSettings({
    name: `rucio-${first.site}`,
    url: first.url,
    bearer: plan.values.auth.mode === 'sharedSecret' || passesThrough(plan),
  });
  const blocks = settings.map(
    ({ client, where, language, text }) => `${client} (${where}):\n\n${block(language, text)}`,
  );
  return `## Clients\n\n${blocks.join('\n\n')}`;
}

function section(title: string, commands: readonly string[]): string {
  return `## ${title}\n\n${block('sh', commands.join('\n'))}`;
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
