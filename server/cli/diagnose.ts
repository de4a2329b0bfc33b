import { readFile } from 'node:fs/promises';

import { ConfigError } from '../../lib/contract/issues';
import { visibleLines } from '../../lib/contract/visible-text';
import { codeOf } from '../rucio/error-code';
import { examine } from './doctor';
import { examineCluster } from './doctor-cluster/examine-cluster';
import type { Finding } from './doctor-cluster/finding';
import { Kubectl } from './doctor-cluster/kubectl';
import { commandEnvironment, readLocalEnvironment } from './environment';
import { type LocalOptions, localSettings } from './local-settings';

export const OUTPUTS = ['text', 'json'] as const;

export interface DoctorOptions extends LocalOptions {
  /** In seconds. */
  readonly timeout: number;
  readonly output: (typeof OUTPUTS)[number];
  readonly cluster?: boolean;
  readonly namespace?: string;
  readonly context?: string;
  readonly name?: string;
  readonly bearerFile?: string;
}

export interface DiagnoseDeps {
  /** @default - that of the process */
  readonly env?: NodeJS.ProcessEnv;
  readonly stdout: (text: string) => void;
}

const MARKS = { ok: 'ok', warning: 'warning', problem: 'PROBLEM', unknown: 'unknown' } as const;
/** Options that mean nothing without a cluster. */
const OF_CLUSTER = ['namespace', 'context', 'name', 'bearerFile'] as const;
/** Options that mean nothing for a cluster: the settings of its Rucio are in its ConfigMap. */
const OF_THIS_COMPUTER = ['site', 'rucioCfg', 'account', 'authType'] as const;

/**
 * Runs `doctor` and prints what it finds.
 *
 * @returns the exit code: 1 where there is a problem, else 0
 * @throws {Error} when options contradict each other, or the file with the bearer can not be read
 */
export async function diagnose(options: DoctorOptions, deps: DiagnoseDeps): Promise<number> {
  const others = options.cluster === true ? OF_THIS_COMPUTER : OF_CLUSTER;
  for (const name of others) {
    if (options[name] === undefined) continue;
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new Error(
      `--${flag} is ${options.cluster === true ? 'not for' : 'for'} doctor --cluster`,
    );
  }
  const findings: Finding[] = [];
  for await (const finding of await findingsFor(options, deps)) {
    findings.push(finding);
    if (options.output === 'text') deps.stdout(line(finding));
  }
  const isWell = findings.every(({ status }) => status !== 'problem');
  if (options.output === 'json') {
    deps.stdout(`${JSON.stringify({ ok: isWell, findings }, null, 2)}\n`);
  }
  return isWell ? 0 : 1;
}

async function findingsFor(
  options: DoctorOptions,
  { env }: DiagnoseDeps,
): Promise<AsyncIterable<Finding> | readonly Finding[]> {
  const limits = { timeoutMs: options.timeout * 1000, clock: Date.now };
  if (options.cluster === true) {
    const { context, namespace, name } = options;
    const kubectl = new Kubectl({ ...limits, context, namespace, env: commandEnvironment(env) });
    return examineCluster(kubectl, { ...limits, name, bearer: await readBearer(options) });
  }
  try {
    return examine(localSettings(options, readLocalEnvironment(env)), limits);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const remedy = 'docs/local-use.md tells where settings come from';
    return [{ check: 'configuration', status: 'problem', text: error.message, remedy }];
  }
}

async function readBearer({ bearerFile }: DoctorOptions): Promise<string | undefined> {
  if (bearerFile === undefined) return undefined;
  try {
    return (await readFile(bearerFile, 'utf8')).trim();
  } catch (error) {
    throw new Error(`${bearerFile} can not be read (${codeOf(error)})`, { cause: error });
  }
}

/** Texts may quote a cluster or a server: they can not act on the terminal, nor look like findings. */
function line({ check, status, text, remedy }: Finding): string {
  const safe = (quoted: string) => visibleLines(quoted).replaceAll('\n', '\n         ');
  const fix = remedy === undefined ? '' : `         fix: ${safe(remedy)}\n`;
  return `${MARKS[status].padEnd(7)}  ${check}: ${safe(text)}\n${fix}`;
}
