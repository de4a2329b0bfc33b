import { METRICS, type MetricId } from '../../../lib/contract/metrics';
import { type ClusterFinding, findingsOf } from './finding';
import type { PodProbe, RucioAnswer } from './pod-probe';

/** Beyond this, sessions and signatures are refused. In milliseconds. */
const LARGEST_SKEW_MS = 60_000;
/** A header tells whole seconds. In milliseconds. */
const DATE_STEP_MS = 1000;
/** When the end of the robot's certificate is worth a warning: proxies live for half a day. */
const SOON_HOURS = 3;
const HOUR_MS = 3_600_000;

/** One line of the text format: a value and its labels. */
interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format */
export function samplesOf(text: string, id: MetricId): readonly Sample[] {
  const { name } = METRICS[id];
  return text.split('\n').flatMap((line): Sample[] => {
    const [, found, inner = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found !== name) return [];
    const pairs = [...inner.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      {
        labels: Object.fromEntries(pairs.map(([, key = '', label = '']) => [key, label])),
        value: Number(value),
      },
    ];
  });
}

/** Whether Rucio can be reached from where the server is. */
export function checkRucio(answers: readonly RucioAnswer[]): ClusterFinding[] {
  const { ok, warning, problem } = findingsOf('rucio');
  return answers.map(({ url, status, error, ms = 0 }) => {
    const { host } = new URL(url);
    if (error !== undefined) return problem(`${host}: ${error}`, remedyOf(error));
    // Authentication servers of some sites know nothing but their own paths.
    if (status === 200 || status === 404) return ok(`${host} answers from the pod in ${ms} ms`);
    const text = `${host} answers the pod with ${status ?? 'nothing'}`;
    return warning(text, 'ask the people who run this Rucio');
  });
}

function remedyOf(error: string): string {
  if (/ENOTFOUND|EAI_AGAIN/.test(error)) {
    return 'the pod finds no address: check the name, and that the NetworkPolicy lets it ask cluster DNS';
  }
  if (/SELF_SIGNED|UNABLE_TO|CERT_|ERR_TLS/.test(error)) {
    return "the pod does not trust its certificate: mount the site's authorities, and name them in caFile";
  }
  return 'let the pods out: networkPolicy.egressBlocks, the firewall of the cluster, a proxy';
}

/** Whether this computer, the pods and Rucio agree about the time. */
export function checkClock(
  probes: readonly PodProbe[],
  outside: { readonly date: number; readonly now: number } | undefined,
): ClusterFinding[] {
  const { ok, problem, unknown } = findingsOf('clock');
  const found: ClusterFinding[] = [];
  const differ = (what: string, ms: number, fix: string) => {
    if (ms <= LARGEST_SKEW_MS) return;
    found.push(problem(`${what} by ${Math.round(ms / 1000)} s`, fix));
  };
  for (const { pod, now, asked, answered, rucio } of probes) {
    const off = Math.max(asked - now, now - answered, 0);
    differ(`this computer and ${pod} differ`, off, 'set the clocks by NTP: here, and on the node');
    for (const { url, date, now: then } of rucio) {
      const theirs = Date.parse(date ?? '');
      if (Number.isNaN(theirs) || then === undefined) continue;
      const skew = Math.max(Math.abs(theirs - then) - DATE_STEP_MS, 0);
      const text = `${pod} and ${new URL(url).host} differ`;
      differ(text, skew, 'set the clock of the node by NTP');
    }
  }
  if (outside !== undefined) {
    const text = 'this computer and the public URL differ';
    differ(text, Math.abs(outside.date - outside.now), 'set the clocks by NTP');
  }
  if (found.length > 0) return found;
  if (probes.length === 0 && outside === undefined) {
    return [unknown('nobody has told the time', 'see ingress, and the right to kubectl exec')];
  }
  return [ok('this computer, the pods and what they reach agree')];
}

/** What the servers count of themselves. */
export function checkMetrics(probes: readonly PodProbe[]): ClusterFinding[] {
  const { ok, problem } = findingsOf('metrics');
  const silent = probes.filter(({ metrics }) => metrics === undefined);
  if (silent.length > 0) {
    const names = silent.map(({ pod }) => pod).join(', ');
    return [problem(`no metrics from ${names}`, 'its log tells why: kubectl logs')];
  }
  const runs = new Set(
    probes.flatMap(({ metrics = '' }) =>
      samplesOf(metrics, 'buildInfo').map(
        ({ labels }) => `version ${labels['version'] ?? '?'} on Node ${labels['node'] ?? '?'}`,
      ),
    ),
  );
  const calls = sum(probes, 'toolCalls');
  const failed = sum(probes, 'toolCalls', ({ labels }) => labels['status'] === 'error');
  const text = `${probes.length} pods run ${[...runs].join(' and ')}; ${calls} tool calls, ${failed} with an error`;
  const reloads = sum(probes, 'secretReloads', ({ labels }) => labels['outcome'] === 'error');
  return reloads === 0
    ? [ok(text)]
    : [
        ok(text),
        findingsOf('metrics').warning(
          `a changed Secret could not be read ${reloads} times`,
          'its log tells which: kubectl logs',
        ),
      ];
}

function sum(
  probes: readonly PodProbe[],
  id: MetricId,
  isMeant: (sample: Sample) => boolean = () => true,
): number {
  return probes
    .flatMap(({ metrics = '' }) => samplesOf(metrics, id))
    .filter(isMeant)
    .reduce((total, { value }) => total + value, 0);
}

/** Whether every pod is at the Redis that they share. */
export function checkStateStore(probes: readonly PodProbe[]): ClusterFinding[] {
  const { ok, problem } = findingsOf('state store');
  const states = probes.map(({ pod, metrics = '' }) => ({
    pod,
    up: samplesOf(metrics, 'stateStoreUp').map(({ value }) => value),
  }));
  if (states.every(({ up }) => up.length === 0)) return [ok('there is none')];
  const down = states.filter(({ up }) => up.some((value) => value === 0));
  if (down.length === 0) return [ok('it answers every pod')];
  const names = down.map(({ pod }) => pod).join(', ');
  const fix = 'is Redis up? Does the Secret have its password, and the NetworkPolicy its port?';
  return [problem(`it does not answer ${names}: nobody can sign in there`, fix)];
}

/** The robot's logins and the end of its certificate. */
export function checkCredentials(probes: readonly PodProbe[], now: number): ClusterFinding[] {
  const { ok, warning, problem } = findingsOf('credentials');
  const samples = probes.flatMap(({ metrics = '' }) => samplesOf(metrics, 'credentialExpiry'));
  const ends = samples.map(({ value }) => value * 1000);
  const found: ClusterFinding[] = [];
  if (ends.length > 0) {
    const hours = Math.floor((Math.min(...ends) - now) / HOUR_MS);
    const text = `the robot's certificate is good for ${hours} more hours`;
    if (hours < 0)
      found.push(problem("the robot's certificate has ended", 'renew it in the Secret'));
    else found.push(hours < SOON_HOURS ? warning(text, 'renew it in the Secret') : ok(text));
  }
  const of = (outcome: string) =>
    sum(probes, 'rucioLogins', ({ labels }) => labels['outcome'] === outcome);
  const [good, bad] = [of('ok'), of('error')];
  if (bad > 0) {
    const text = `the robot could not sign in at Rucio ${bad} times (${good} times it could)`;
    const fix = 'do the credentials belong to the account? Its log tells what Rucio says';
    found.push(good === 0 ? problem(text, fix) : warning(text, fix));
  }
  if (found.length > 0) return found;
  return [ok(good > 0 ? `the robot has signed in ${good} times` : 'nobody needed them yet')];
}
