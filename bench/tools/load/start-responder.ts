import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { type Program, startProgram } from './process';

export interface Responder {
  readonly url: string;
  readonly program: Program;
}

/** Starts the Rucio of `responder.ts`. */
export async function startResponder(delayMs: number): Promise<Responder> {
  const tsx = createRequire(import.meta.url).resolve('tsx/cli');
  const file = join(import.meta.dirname, 'responder.ts');
  const ready = new EventTarget();
  let port = '';
  const listening = once(ready, 'port');
  const program = startProgram(process.execPath, [tsx, file, String(delayMs)], {
    onLine: (line) => {
      port = line;
      ready.dispatchEvent(new Event('port'));
    },
  });
  await listening;
  return { url: `http://127.0.0.1:${port}`, program };
}
