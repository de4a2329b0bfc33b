import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { freePorts } from '../../scripts/pod/free-ports';
import { eventually } from '../support/eventually';

/** One value of a query's result, with its labels. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

export interface Prometheus {
  /** The value of an expression now. */
  query(expr: string): Promise<readonly Sample[]>;
  /** Any other path of its API. */
  api(path: string): Promise<unknown>;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** Path of the program. */
  readonly command: string;
  /** `scrape_configs`, as in its configuration. */
  readonly scrapeConfigs: readonly object[];
  /** `spec` of a PrometheusRule, which is the form of a rule file. */
  readonly rules: object;
}

/** A Prometheus of its own, on a free port of this computer, ready to be asked. */
export async function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  const { command, scrapeConfigs, rules } = options;
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-prometheus-'));
  const [port = 0] = await freePorts(1);
  await writeFile(join(directory, 'rules.yaml'), stringify(rules));
  const config = {
    global: { evaluation_interval: '1s' },
    rule_files: ['rules.yaml'],
    scrape_configs: scrapeConfigs,
  };
  await writeFile(join(directory, 'prometheus.yaml'), stringify(config));
  const child = spawn(
    command,
    [
      `--config.file=${join(directory, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const ended = once(child, 'exit');
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const data = async (path: string) =>
    ((await (await get(path)).json()) as { data: { result: readonly Sample[] } }).data;
  const stop = async () => {
    child.kill();
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await eventually(() =>
      get('/-/ready').then(
        () => true,
        () => {
          if (child.exitCode !== null) throw new Error('prometheus has ended');
          return false;
        },
      ),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    query: async (expr) => {
      const query = new URLSearchParams({ query: expr }).toString();
      return (await data(`/api/v1/query?${query}`)).result;
    },
    api: data,
    stop,
  };
}
