import { join } from 'node:path';

import { clientsDocs } from './generate/clients-docs';
import { customResourceClasses } from './generate/custom-resources';
import { deploymentPicture } from './generate/deployment-picture';
import { staleFiles, writeFiles } from './generate/generated-file';
import { oauthDocs } from './generate/oauth-events-docs';
import { toolsDocs } from './generate/tools-docs';
import { valuesDocs } from './generate/values-docs';
import { QUESTIONS } from '../bench/tools/questions';
import { mcpcheckerFiles } from '../bench/tools/questions/mcpchecker';
import { valuesSchemaText } from '../lib/cli/explain/values-schema';

const root = join(import.meta.dirname, '..');
const files = [
  { path: 'values.schema.json', text: valuesSchemaText() },
  { path: 'docs/values.md', text: valuesDocs() },
  { path: 'docs/clients.md', text: clientsDocs() },
  { path: 'docs/oauth.md', text: await oauthDocs(root) },
  { path: 'docs/tools.md', text: await toolsDocs() },
  { path: 'docs/deployment.svg', text: deploymentPicture(root) },
  ...mcpcheckerFiles(QUESTIONS),
  ...(await customResourceClasses(root)),
];
const stale = await staleFiles(root, files);

if (!process.argv.includes('--check')) {
  await writeFiles(root, stale);
  for (const { path } of stale) console.log(`wrote ${path}`);
} else if (stale.length > 0) {
  for (const { path } of stale) console.error(`${path} is not what the sources say`);
  console.error('next: run "npm run generate" and commit the result');
  process.exitCode = 1;
}
