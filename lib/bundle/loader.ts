import { ENVIRONMENT } from '../contract/endpoints';

/**
 * The program of the container, as the argument of `node -e`: it joins the chunks of the bundle in
 * memory, checks the digest of the result and runs it as a CommonJS module. It needs no shell, no
 * writable directory and nothing but Node itself, and it ends with code 1 and one line on any doubt.
 * The digest lives in the Deployment and not in the ConfigMaps: who may only write ConfigMaps can
 * not change what runs.
 */
export const LOADER = `
const fs = require('fs'), zlib = require('zlib'), crypto = require('crypto'), Module = require('module');
const env = process.env;
const refuse = (why) => {
  fs.writeSync(2, 'rucio-mcp: the server bundle was refused: ' + why + '\\n');
  process.exit(1);
};
const attempt = (what, action) => {
  try { return action(); } catch (error) { return refuse(what + ' (' + (error.code || 'failed') + ')'); }
};
const dir = (env.${ENVIRONMENT.filesRoot} || '') + env.${ENVIRONMENT.bundleDir};
const count = Number(env.${ENVIRONMENT.bundleChunks});
if (!Number.isInteger(count) || count < 1) refuse('${ENVIRONMENT.bundleChunks} is not a number of chunks');
const wanted = Array.from({ length: count }, (_, i) => String(i).padStart(2, '0') + '.br');
const found = attempt('can not list ' + dir, () => fs.readdirSync(dir)).filter((name) => !name.startsWith('..'));
const missing = wanted.filter((name) => !found.includes(name));
if (missing.length > 0) refuse('missing chunk ' + missing.join(', ') + ' in ' + dir);
const extra = found.filter((name) => !wanted.includes(name));
if (extra.length > 0) refuse('unexpected file ' + extra.join(', ') + ' in ' + dir);
const packed = Buffer.concat(wanted.map((name) => attempt('can not read ' + name, () => fs.readFileSync(dir + '/' + name))));
const code = attempt('the chunks are damaged or in a wrong order', () => zlib.brotliDecompressSync(packed));
const digest = crypto.createHash('sha256').update(code).digest('hex');
if (digest !== env.${ENVIRONMENT.bundleSha256}) refuse('wrong digest ' + digest + ', the Deployment wants ' + env.${ENVIRONMENT.bundleSha256});
const main = new Module(dir + '/server.cjs');
main.filename = main.id;
main.paths = [];
main._compile(code.toString(), main.filename);
`.trim();
