import { request } from 'undici';
import { z } from 'zod';

import { PATHS, sitePath } from '../../../lib/contract/endpoints';
import type { ServerDocument } from '../../../lib/contract/server-document';
import { codeOf } from '../../rucio/error-code';
import { type ClusterFinding, findingsOf } from './finding';
import { type LiveDeployment } from './live-deployment';
import { type Ingress, Named, listOf } from './objects';

/** What the public URL has told, for the checks that come after. */
export interface Outside {
  readonly findings: ClusterFinding[];
  /** The server's time, and ours when it came; in milliseconds since the epoch. */
  readonly times: { readonly date: number; readonly now: number } | undefined;
  readonly reachable: boolean;
}

/** Whether the Ingresses have a controller, and the public URL leads to the server. */
export async function checkIngress(
  live: LiveDeployment,
  document: ServerDocument,
  ingresses: readonly Ingress[],
  options: { readonly timeoutMs: number; readonly clock: () => number },
): Promise<Outside> {
  const { problem, ok } = findingsOf('ingress');
  const findings = await checkControllers(live, ingresses);
  const { publicUrl } = document;
  if (publicUrl === null) {
    const text = 'nothing exposes the server outside of the cluster';
    return { findings: [...findings, ok(text)], times: undefined, reachable: false };
  }
  try {
    const health = await ask(`${publicUrl}${PATHS.healthz}`, options.timeoutMs);
    const times = timesOf(health.date, options.clock());
    const [site] = document.sites;
    const endpoint = `${publicUrl}${sitePath(site?.name ?? '')}/`;
    const challenge = await ask(endpoint, options.timeoutMs, 'POST');
    const wrong = whatIsWrong(health, challenge);
    if (wrong === undefined) findings.push(ok(`${publicUrl} leads to the server`));
    else findings.push(problem(`${publicUrl}: ${wrong.text}`, wrong.remedy));
    return { findings, times, reachable: wrong === undefined };
  } catch (error) {
    const text = `${publicUrl} can not be reached from here (${reasonOf(error)})`;
    findings.push(problem(text, remedyOf(reasonOf(error))));
    return { findings, times: undefined, reachable: false };
  }
}

async function checkControllers(
  { kubectl }: LiveDeployment,
  ingresses: readonly Ingress[],
): Promise<ClusterFinding[]> {
  const { problem, warning } = findingsOf('ingress');
  if (ingresses.length === 0) return [];
  const { items } = await kubectl.get(listOf(Named), ['ingressclasses']);
  const classes = items.map(({ metadata }) => metadata.name);
  return ingresses.flatMap(({ metadata, spec, status }) => {
    const name = spec.ingressClassName;
    if (name !== undefined && !classes.includes(name)) {
      const there = classes.join(', ') || 'none';
      const fix = 'install the controller, or set ingress.className';
      return [problem(`there is no IngressClass "${name}" (there is: ${there})`, fix)];
    }
    if (status.loadBalancer.ingress.length > 0) return [];
    const text = `the Ingress "${metadata.name}" has no address: no controller has taken it`;
    return [warning(text, 'look at the log of the ingress controller; set ingress.className')];
  });
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly date: string;
  readonly challenge: string;
}

async function ask(
  url: string,
  timeoutMs: number,
  method: 'GET' | 'POST' = 'GET',
): Promise<Answer> {
  const { statusCode, headers, body } = await request(url, {
    method,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs * 2),
    ...(method === 'POST'
      ? { body: '{}', headers: { 'content-type': 'application/json', accept: ACCEPT } }
      : {}),
  });
  const text = (await body.text()).slice(0, 10_000);
  const header = (name: string) => String(headers[name] ?? '');
  return { status: statusCode, text, date: header('date'), challenge: header('www-authenticate') };
}

const ACCEPT = 'application/json, text/event-stream';

function whatIsWrong(
  health: Answer,
  challenge: Answer,
): { readonly text: string; readonly remedy: string } | undefined {
  if ([502, 503, 504].includes(health.status)) {
    const remedy = 'see endpoints; does networkPolicy.ingressNamespaceLabels name its namespace?';
    return { text: `the proxy reaches no pod (${health.status})`, remedy };
  }
  if (health.status !== 200 || !health.text.includes('"ok"')) {
    const remedy =
      'does the name lead to the ingress controller, and another Ingress take its paths?';
    return { text: `somebody else answers (${health.status})`, remedy };
  }
  if (challenge.status !== 401 || !challenge.challenge.startsWith('Bearer ')) {
    const remedy =
      'the proxy has to hand on 401 with WWW-Authenticate, and the Host header, as they are';
    return { text: `a call without a bearer is answered with ${challenge.status}`, remedy };
  }
  return undefined;
}

function timesOf(date: string, now: number): Outside['times'] {
  const parsed = Date.parse(date);
  return Number.isNaN(parsed) ? undefined : { date: parsed, now };
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === '' ? (error instanceof Error ? error.message : 'unknown error') : code;
}

function remedyOf(reason: string): string {
  if (/ENOTFOUND|EAI_AGAIN/.test(reason)) return 'make a DNS record for the host of the Ingress';
  if (/SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS/.test(reason)) {
    return 'see tls; a private authority is named by NODE_EXTRA_CA_CERTS for this command';
  }
  return 'check the ingress controller, its load balancer and the firewall';
}

/** How long a tool is made to wait, in seconds, and how much earlier its first word has to come. */
const WAIT_SECONDS = 5;
const LEAST_GAP_MS = 1500;

/**
 * Whether a proxy hands a stream on as it comes: a tool waits for seconds and tells its progress at
 * once, so the first event has to be here well before the last.
 */
export async function checkStreaming(
  document: ServerDocument,
  bearer: string | undefined,
  timeoutMs: number,
): Promise<ClusterFinding[]> {
  const { ok, problem, unknown } = findingsOf('streaming');
  if (document.publicUrl === null) return [ok('nothing is between the server and its clients')];
  if (bearer === undefined) {
    return [
      unknown('it takes a bearer to see a stream', 'name a file with one: --bearer-file FILE'),
    ];
  }
  const url = `${document.publicUrl}${sitePath(document.sites[0]?.name ?? '')}/`;
  try {
    const rule = await ruleAtWork(url, bearer, timeoutMs);
    if (typeof rule !== 'string') return [rule];
    const args = { rule_id: rule, max_seconds: WAIT_SECONDS };
    const { events } = await call(url, bearer, 'rucio_wait_for_rule', args, timeoutMs);
    const [first] = events;
    const last = events.at(-1);
    if (first === undefined || last === undefined || events.length < 2) {
      return [unknown('the rule told no progress', 'try again: it may just have ended')];
    }
    const gap = last.at - first.at;
    return gap >= LEAST_GAP_MS
      ? [ok(`progress arrives ${(gap / 1000).toFixed(1)} s before the result`)]
      : [
          problem(
            'progress arrives together with the result: a proxy holds the stream back',
            'switch its buffering off: ingress.flavor, or the annotations of your controller',
          ),
        ];
  } catch (error) {
    return [unknown(`no stream (${reasonOf(error)})`, 'see ingress; is the bearer still good?')];
  }
}

const Table = z.object({ columns: z.array(z.string()), rows: z.array(z.array(z.unknown())) });

/** The id of a rule that Rucio is still at work for, or why there is none. */
async function ruleAtWork(
  url: string,
  bearer: string,
  timeoutMs: number,
): Promise<string | ClusterFinding> {
  const { unknown } = findingsOf('streaming');
  const args = { state: 'REPLICATING', limit: 1 };
  const { status, events } = await call(
    url,
    bearer,
    'rucio_list_replication_rules',
    args,
    timeoutMs,
  );
  if (status !== 200) {
    return unknown(`the bearer is answered with ${status}`, 'name a file with a good one');
  }
  const table = Table.safeParse(events.at(-1)?.message.result?.structuredContent);
  const column = table.data?.columns.findIndex((name) => /^(rule_)?id$/.test(name)) ?? -1;
  const id = table.data?.rows[0]?.[column];
  return typeof id === 'string'
    ? id
    : unknown('Rucio is at work for no rule that could be waited for', 'try again when it is');
}

const Message = z.object({
  result: z.object({ structuredContent: z.unknown().optional() }).optional(),
});

interface SeenEvent {
  /** When it came, in milliseconds. */
  readonly at: number;
  readonly message: z.output<typeof Message>;
}

/** Calls a tool as a client of 2025 does, and notes when each message comes. */
async function call(
  url: string,
  bearer: string,
  name: string,
  args: object,
  timeoutMs: number,
): Promise<{ readonly status: number; readonly events: readonly SeenEvent[] }> {
  const { statusCode, body, headers } = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: ACCEPT,
      authorization: `Bearer ${bearer}`,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args, _meta: { progressToken: 'doctor' } },
    }),
    signal: AbortSignal.timeout(timeoutMs + WAIT_SECONDS * 2000),
  });
  const isStream = String(headers['content-type']).startsWith('text/event-stream');
  const events: SeenEvent[] = [];
  let text = '';
  for await (const chunk of body) {
    text += String(chunk);
    if (!isStream) continue;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: ')) events.push(seen(line.slice('data: '.length)));
    }
  }
  if (!isStream && text !== '') events.push(seen(text));
  return { status: statusCode, events };
}

function seen(json: string): SeenEvent {
  return { at: performance.now(), message: Message.parse(JSON.parse(json)) };
}
