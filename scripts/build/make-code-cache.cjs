// Runs the synth command once, and keeps what V8 compiled meanwhile.
// Arguments: text of the command, cache to write, arguments of the command.
'use strict';
const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { dirname } = require('node:path');
const { Script } = require('node:vm');

const [filename, cache, ...args] = process.argv.slice(2);
process.argv = [process.argv[0], filename, ...args];
process.stdout.write = () => true;
const script = new Script(wrap(readFileSync(filename, 'utf8')), { filename });
const command = { exports: {} };
script
  .runInThisContext()
  .call(
    command.exports,
    command.exports,
    createRequire(filename),
    command,
    filename,
    dirname(filename),
  );
if (!process.exitCode) {
  writeFileSync(`${cache}.new`, script.createCachedData());
  renameSync(`${cache}.new`, cache);
}
