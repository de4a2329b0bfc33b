// dist/main.js: runs the synth command from V8's code cache, where the build left one for this
// version of Node and this very text. Without one, the command is compiled as usual.
'use strict';
const { readFileSync } = require('node:fs');
const { createRequire, wrap } = require('node:module');
const { join } = require('node:path');
const { Script } = require('node:vm');

const filename = join(__dirname, COMMAND_FILE);

function readCache() {
  try {
    return readFileSync(join(__dirname, CACHE_FILE));
  } catch {
    return undefined;
  }
}

const script = new Script(wrap(readFileSync(filename, 'utf8')), {
  filename,
  cachedData: readCache(),
});
const command = { exports: {} };
script
  .runInThisContext()
  .call(command.exports, command.exports, createRequire(filename), command, filename, __dirname);
