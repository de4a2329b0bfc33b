import { existsSync } from 'node:fs';

import { type Pod, type StartPodOptions, startPod } from '../../../scripts/pod/pod';
import { freePorts } from '../../../scripts/pod/free-ports';
import { type PodFixture, manifestsOf, podSpec } from './manifest-fixture';

const pods: Pod[] = [];
afterEach(async () => {
  await Promise.all(pods.splice(0).map((pod) => pod.stop()));
});

/** Starts the valid pod after one change. */
async function start(
  change: (spec: PodFixture) => unknown = (spec) => spec,
  secrets: StartPodOptions['secrets'] = { bearer: { a: 'first', b: 'not mounted' } },
): Promise<Pod> {
  const [port = 0] = await freePorts(1);
  const spec = podSpec(port);
  const pod = await startPod({ manifests: manifestsOf(change(spec) ?? spec), secrets });
  pods.push(pod);
  return pod;
}

async function get(pod: Pod, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(pod.url(path));
  return (await response.json()) as Record<string, unknown>;
}

const file = (pod: Pod, path: string) => get(pod, `/file?path=${path}`);
const containerWith = (change: object) => (spec: PodFixture) => ({
  ...spec,
  containers: [{ ...spec.containers[0], ...change }],
});

describe('what the pod sees', () => {
  test('files of ConfigMaps, Secrets and projected volumes with their modes', async () => {
    const pod = await start();
    await pod.ready();
    expect(await file(pod, '/etc/config/text')).toEqual({ text: 'hello', mode: '644' });
    expect(await file(pod, '/etc/config/bytes')).toEqual({ text: 'bytes', mode: '644' });
    expect(await file(pod, '/etc/secret/deep/a')).toEqual({ text: 'first', mode: '440' });
    expect(await file(pod, '/opt/all/00.br')).toEqual({ text: 'bytes', mode: '400' });
    expect(await file(pod, '/opt/all/plain')).toEqual({ text: 'p', mode: '644' });
    expect(await file(pod, '/opt/all/coded')).toEqual({ text: 'c', mode: '644' });
    expect(existsSync(`${pod.root}/etc/secret/b`)).toBe(false);
  });

  test('what a launcher sets, which then becomes the program', async () => {
    const [port = 0] = await freePorts(1);
    const pod = await startPod({
      manifests: manifestsOf(podSpec(port)),
      secrets: { bearer: { a: 'first', b: 'not mounted' } },
      launcher: ['/usr/bin/env', 'LAUNCHED=yes'],
    });
    pods.push(pod);
    await pod.ready();
    const seen = await get(pod, '/process');
    expect(seen['env']).toMatchObject({ LAUNCHED: 'yes', PORT: String(port) });
  });

  test("the container's own arguments and environment, and nothing of ours", async () => {
    const pod = await start();
    await pod.ready();
    const port = String(pod.port('http'));
    const seen = await get(pod, '/process');
    expect(seen['env']).toEqual({
      PORT: port,
      ADDRESS: `127.0.0.1:${port}`,
      RUCIO_MCP_FILES_ROOT: pod.root,
    });
    expect((seen['args'] as string[]).slice(1)).toEqual([
      `for ${port}`,
      'literal $(PORT)',
      '$(UNKNOWN)',
    ]);
    expect(seen['cwd']).toBe(pod.root);
  });

  test('a rotated Secret, swapped in one step', async () => {
    const pod = await start();
    await pod.ready();
    await pod.updateSecret('bearer', { a: 'second' });
    expect(await file(pod, '/etc/secret/deep/a')).toEqual({ text: 'second', mode: '440' });
    await expect(pod.updateSecret('bearer', { b: 'x' })).rejects.toThrow('needs the key a');
    await expect(pod.updateSecret('other', {})).rejects.toThrow('no volume of the pod uses');
    expect(await file(pod, '/etc/secret/deep/a')).toEqual({ text: 'second', mode: '440' });
  });
});

describe('life and end', () => {
  test('ends on SIGTERM with its own code and leaves no files', async () => {
    const pod = await start();
    await pod.ready();
    expect(await pod.stop()).toEqual({ code: 0, signal: null });
    expect(pod.output).toBe('listening\nSIGTERM\n');
    expect(existsSync(pod.root)).toBe(false);
  });

  test('is killed after the grace period', async () => {
    const stubborn = { name: 'STUBBORN', value: '1' };
    const pod = await start((spec) => {
      spec.terminationGracePeriodSeconds = 0.2;
      spec.containers[0]!.env.push(stubborn);
    });
    await pod.ready();
    expect(await pod.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  test('that it ended early is told with its last words', async () => {
    const pod = await start(
      containerWith({ args: ['-e', 'console.error("no"); process.exit(3)'] }),
    );
    await expect(pod.ready()).rejects.toThrow('the pod ended with code 3; its last output:\nno');
    expect(await pod.exited).toEqual({ code: 3, signal: null });
  });

  test('a startup probe that never succeeds ends the pod', async () => {
    const startupProbe = {
      httpGet: { path: '/bad', port: 'http' },
      periodSeconds: 0.02,
      failureThreshold: 2,
    };
    const pod = await start(containerWith({ startupProbe }));
    await expect(pod.ready()).rejects.toThrow('the startup probe gave up: /bad on port http');
    expect(existsSync(pod.root)).toBe(false);
  });

  test('a liveness probe that fails ends the pod', async () => {
    const livenessProbe = {
      httpGet: { path: '/bad', port: 'http' },
      periodSeconds: 0.02,
      failureThreshold: 2,
    };
    const pod = await start(containerWith({ livenessProbe }));
    await pod.exited;
    expect(pod.output).toContain('liveness probe failed: /bad on port http answered 503');
  });
});

describe('what can not be honoured is refused', () => {
  const cases: [string, (spec: PodFixture) => unknown, string][] = [
    ['init containers', (spec) => ({ ...spec, initContainers: [] }), '"initContainers"'],
    ['two containers', (s) => ({ ...s, containers: [...s.containers, ...s.containers] }), 'one'],
    ['a ServiceAccount token', (s) => ({ ...s, automountServiceAccountToken: true }), 'token'],
    [
      'an unknown volume kind',
      (s) => ({ ...s, volumes: [{ name: 'x', emptyDir: {} }] }),
      'volumes',
    ],
    ['a mount without volume', (s) => ({ ...s, volumes: [] }), 'there is no volume config'],
    ['a shell', containerWith({ command: ['sh', '-c', 'true'] }), 'the container runs "sh"'],
    ['an exec probe', containerWith({ startupProbe: { exec: { command: ['x'] } } }), '"exec"'],
    ['envFrom', containerWith({ envFrom: [] }), '"envFrom"'],
    ['valueFrom', containerWith({ env: [{ name: 'A', valueFrom: {} }] }), '"valueFrom"'],
    ['subPath', containerWith({ volumeMounts: [{ name: 'a', subPath: 'b' }] }), '"subPath"'],
  ];
  test.each(cases)('%s', async (_what, change, message) => {
    await expect(start(change)).rejects.toThrow(message);
  });

  test('a Secret that nobody created', async () => {
    await expect(start(undefined, {})).rejects.toThrow(
      'volume secret needs the Secret bearer, which nobody created',
    );
  });

  test('a key that the Secret lacks', async () => {
    await expect(start(undefined, { bearer: { b: '' } })).rejects.toThrow(
      'volume secret needs the key a of the Secret bearer',
    );
  });

  test('a path that leaves its mount', async () => {
    const change = (spec: PodFixture) => ({
      ...spec,
      volumes: spec.volumes.map((volume) =>
        volume.name === 'config'
          ? {
              name: 'config',
              configMap: { name: 'config', items: [{ key: 'text', path: '../x' }] },
            }
          : volume,
      ),
    });
    await expect(start(change)).rejects.toThrow('has the path "../x"');
  });

  test('manifests without a Deployment', async () => {
    await expect(startPod({ manifests: '---\n' })).rejects.toThrow('have 0 Deployments');
  });
});
