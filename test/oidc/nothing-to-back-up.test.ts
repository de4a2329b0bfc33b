import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ServerDocument } from '../../lib/contract/server-document';
import { textsAt, valuesAt } from '../../lib/constructs/checks/manifest';
import { mergeValues } from '../../lib/cli/values/merge-values';
import { synthManifests } from '../lib/synth';
import { mcp, registerTestClient, startOidcApp, tokenRequest } from './oidc-app';
import { Scene } from './scene';

/** What `openssl rand -hex 32` has put into the Secret. */
const KEYS = 'f1'.repeat(32);

/** How users sign in where one pod has sealing keys from a Secret. */
function oneAlone(sealingKeysFile: string): ServerDocument['auth'] {
  return {
    mode: 'oidc',
    tokenFormat: 'jwe',
    login: 'poll',
    clients: [],
    sealingKeysFile,
    redis: null,
  };
}

/** A directory that holds the Secret as the kubelet writes it. */
async function mountSecret(
  content: string,
): Promise<{ file: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'rucio-mcp-secret-'));
  const file = join(directory, 'sealing-keys');
  await writeFile(file, content);
  return { file, remove: () => rm(directory, { recursive: true }) };
}

/**
 * A user signs in; then the whole deployment is deleted, with all that its pods know, and deployed
 * anew from the same values and a Secret with these keys.
 */
async function afterDisaster(keys: string) {
  const first = await mountSecret(KEYS);
  const sealed = (file: string, publicUrl?: string) => ({
    change: (document: ServerDocument): ServerDocument => ({
      ...document,
      publicUrl: publicUrl ?? document.publicUrl,
      auth: oneAlone(file),
    }),
  });
  const scene = await Scene.open(sealed(first.file));
  const tokens = await scene.signIn();
  await scene.app.close();
  await first.remove();
  const second = await mountSecret(keys);
  const app = await startOidcApp(scene.rucio.url, sealed(second.file, scene.app.url));
  return {
    call: async () => (await mcp(`${app.issuer}/`, tokens.access_token, 'tools/list')).status,
    renew: () =>
      tokenRequest(app.issuer, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token,
        client_id: scene.client.id,
        resource: scene.app.issuer,
      }),
    client: () => registerTestClient(app.issuer),
    close: async () => {
      await app.close();
      await second.remove();
      await scene.browser.close();
      await scene.rucio.close();
    },
  };
}

test('all is deleted and applied again with the same Secret: users go on, with tokens and renewal', async () => {
  const deployment = await afterDisaster(KEYS);
  try {
    expect(await deployment.call()).toBe(200);
    expect(await deployment.renew()).toMatchObject({ status: 200 });
  } finally {
    await deployment.close();
  }
});

test('the Secret is lost as well: every user signs in again, and clients register again', async () => {
  const deployment = await afterDisaster('f2'.repeat(32));
  try {
    expect(await deployment.call()).toBe(401);
    expect((await deployment.renew()).status).toBeGreaterThanOrEqual(400);
    expect((await deployment.client()).id).not.toBe('');
  } finally {
    await deployment.close();
  }
});

test.each([
  ['oidc', {}],
  [
    'with Redis',
    { replicaCount: 2, stateStore: { redis: { url: 'rediss://r.example.com:6379' } } },
  ],
  ['pixi', { runtime: { kind: 'pixi' } }],
])('%s: no object of a deployment keeps state', (_, values) => {
  const base = {
    auth: { oidc: { sealingKeys: { existingSecret: 'seal' } } },
    ingress: { host: 'rucio-mcp.example.com' },
  };
  const manifests = synthManifests({
    values: mergeValues({ files: [base, values] }),
    allowUnserved: true,
  });
  expect(manifests.map(({ kind }) => kind)).not.toContain('PersistentVolumeClaim');
  expect(manifests.map(({ kind }) => kind)).not.toContain('StatefulSet');
  const sources = manifests
    .flatMap((manifest) => valuesAt(manifest, 'spec.template.spec.volumes.*'))
    .flatMap((volume) => Object.keys(volume as object).filter((key) => key !== 'name'));
  const stateless = ['configMap', 'projected', 'secret', 'emptyDir'];
  expect(sources.filter((source) => !stateless.includes(source))).toEqual([]);
  expect(sources.length).toBeGreaterThan(0);
});

test('uninstall: no Secret of the operator and no namespace is among the manifests', () => {
  const manifests = synthManifests();
  expect(manifests.map(({ kind }) => kind)).not.toContain('Namespace');
  expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
  const read = manifests.flatMap((it) =>
    textsAt(it, 'spec.template.spec.volumes.*.secret.secretName'),
  );
  expect(read).toEqual(expect.arrayContaining(['bearer', 'rucio-robot']));
});
