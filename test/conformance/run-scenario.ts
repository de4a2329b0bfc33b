import { execFile } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';

import { conformanceCommand } from '../support/conformance-suite';

export interface ScenarioOptions {
  /** Where the conformance suite is installed. */
  readonly suite: string;
  readonly url: string;
  readonly scenario: string;
  readonly revision: string;
}

export interface ScenarioOutcome {
  /** Its line of counts, such as `Passed: 4/4, 0 failed, 0 warnings`; else all that it printed. */
  readonly summary: string;
  /** Ids of the checks that failed. */
  readonly failures: readonly string[];
}

/** Runs one scenario of the official suite against a server. */
export async function runScenario(options: ScenarioOptions): Promise<ScenarioOutcome> {
  const { suite, url, scenario, revision } = options;
  const [node, script] = conformanceCommand(suite);
  const args = [script, 'server', '--url', url, '--scenario', scenario, '--spec-version', revision];
  const output = await new Promise<string>((resolve, reject) => {
    execFile(node, args, { env: {} }, (error, stdout, stderr) => {
      // It ends with code 1 when a check fails; anything else is not an outcome.
      if (error === null || error.code === 1) resolve(stripVTControlCharacters(stdout + stderr));
      else reject(new Error(`the conformance suite can not run: ${stderr}`, { cause: error }));
    });
  });
  return {
    summary: /^Passed: .*$/m.exec(output)?.[0] ?? output,
    failures: [...output.matchAll(/^\S+ \[(\S+) *\] FAILURE/gm)].map((match) => match[1] ?? ''),
  };
}
