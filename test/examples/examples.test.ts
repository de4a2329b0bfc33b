import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { readWorkload } from '../../scripts/pod/manifests';
import { SYNTH } from '../e2e/demo-pod';

const EXAMPLES = join(__dirname, '../../examples');

test.each(readdirSync(EXAMPLES))('examples/%s synthesizes, and its pod can be run', (name) => {
  const args = [SYNTH, '-f', join(EXAMPLES, name), '--output', '-'];
  const manifests = execFileSync(process.execPath, args, { encoding: 'utf8', env: {} });
  const { pod, configMaps } = readWorkload(manifests);
  expect(pod.containers[0].command).toEqual(['node']);
  expect(Object.keys(configMaps)).toContain('rucio-mcp-config');
});
