// Lints every planted file as if it were the file that its first line names, with the rules of the
// repository. Prints {file: [rule ids]} as JSON. A program of its own, since ESLint's configuration
// is ESM and the tests run as CommonJS.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';

const root = join(import.meta.dirname, '../..');
const planted = join(import.meta.dirname, 'planted');
const eslint = new ESLint({ cwd: root });
const found = {};
for (const file of readdirSync(planted).sort()) {
  const code = readFileSync(join(planted, file), 'utf8');
  const [, as] = /^\/\/ as: (.*)/.exec(code);
  const [result] = await eslint.lintText(code, { filePath: join(root, as) });
  found[file] = result.messages.map(({ ruleId, message }) => ruleId ?? message);
}
process.stdout.write(JSON.stringify(found));
