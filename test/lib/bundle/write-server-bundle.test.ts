import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readBundle } from '../../../lib/bundle/read';
import { SBOM_FILE } from '../../../scripts/build/supply-chain';
import { writeServerBundle } from '../../../scripts/build/write-server-bundle';

let dist: string;
beforeEach(() => {
  dist = mkdtempSync(join(tmpdir(), 'rucio-mcp-dist-'));
  writeFileSync(join(dist, 'server.cjs'), 'first();');
  writeFileSync(join(dist, SBOM_FILE), '{}');
});
afterEach(() => rmSync(dist, { recursive: true, force: true }));

test('writes a bundle that can be read, and nothing beside it', () => {
  expect(writeServerBundle(dist)).toMatch(/8 bytes as 1 chunks, \d+ bytes$/);
  expect(readBundle(join(dist, 'bundle')).chunks).toHaveLength(1);
  expect(readdirSync(dist).sort()).toEqual(['bundle', SBOM_FILE, 'server.cjs']);
  expect(readdirSync(join(dist, 'bundle'))).toEqual(['00.br', 'manifest.json']);
});

test('leaves a current bundle alone', () => {
  writeServerBundle(dist);
  const before = statSync(join(dist, 'bundle/00.br')).ino;
  expect(writeServerBundle(dist)).toBe(`${dist}/bundle is up to date`);
  expect(statSync(join(dist, 'bundle/00.br')).ino).toBe(before);
});

test('replaces the bundle of another server, with all that was in it', () => {
  writeServerBundle(dist);
  writeFileSync(join(dist, 'bundle/01.br'), 'left over');
  const { sha256 } = readBundle(join(dist, 'bundle'));
  writeFileSync(join(dist, 'server.cjs'), 'second();');
  writeServerBundle(dist);
  expect(readBundle(join(dist, 'bundle')).sha256).not.toBe(sha256);
  expect(readdirSync(join(dist, 'bundle'))).toEqual(['00.br', 'manifest.json']);
});
