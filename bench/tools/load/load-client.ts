import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { Job, Run } from './measure';

/** The process that makes the load. */
export interface LoadClient {
  /** @throws {Error} when a call fails */
  run(job: Job): Promise<Run>;
  stop(): Promise<void>;
}

export function startLoadClient(): LoadClient {
  const child = fork(join(import.meta.dirname, 'client.ts'), [], {
    execArgv: ['--import', import.meta.resolve('tsx')],
  });
  return {
    run: async (job) => {
      child.send(job);
      const [answer] = (await once(child, 'message')) as [{ run?: Run; error?: string }];
      if (answer.run === undefined) throw new Error(answer.error);
      return answer.run;
    },
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
