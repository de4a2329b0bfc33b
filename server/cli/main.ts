import { runCommand } from './command';

void runCommand({
  argv: process.argv.slice(2),
  stdout: (text) => void process.stdout.write(text),
  stderr: (text) => void process.stderr.write(text),
}).then((code) => {
  process.exitCode = code;
});
