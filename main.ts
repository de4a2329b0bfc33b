import { join } from 'node:path';

import { runSynthCommand } from './lib/cli/command';

process.exitCode = runSynthCommand({
  bundleDirectory: join(import.meta.dirname, 'bundle'),
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
});
