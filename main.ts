import { join } from 'node:path';

import './lib/cli/interpret-schemas';
import { runSynthCommand } from './lib/cli/command';

// A reader that has seen enough (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = runSynthCommand({
  bundleDirectory: join(import.meta.dirname, 'bundle'),
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  isTerminal: process.stdout.isTTY,
});
