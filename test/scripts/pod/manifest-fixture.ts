import { stringify } from 'yaml';

/** A program for `node -e` that serves its files and environment, and ends on SIGTERM. */
const PROGRAM = `
  const { createServer } = require('node:http');
  const { readFileSync, statSync } = require('node:fs');
  const root = process.env.RUCIO_MCP_FILES_ROOT;
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/file') {
      const path = root + url.searchParams.get('path');
      const mode = (statSync(path).mode & 0o777).toString(8);
      response.end(JSON.stringify({ text: readFileSync(path, 'utf8'), mode }));
    } else if (url.pathname === '/process') {
      response.end(JSON.stringify({ env: process.env, args: process.argv, cwd: process.cwd() }));
    } else {
      response.statusCode = url.pathname === '/ok' ? 200 : 503;
      response.end();
    }
  });
  server.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
  process.on('SIGTERM', () => {
    console.log('SIGTERM');
    if (process.env.STUBBORN === undefined) process.exit(0);
  });
`;

const httpGet = (path: string) => ({ path, port: 'http' });

/** A valid pod; tests change one field of it. */
export function podSpec(port: number) {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 20,
    containers: [
      {
        name: 'server',
        image: 'node:24-alpine',
        command: ['node'],
        args: ['-e', PROGRAM, 'for $(PORT)', 'literal $$(PORT)', '$(UNKNOWN)'],
        env: [
          { name: 'PORT', value: String(port) },
          { name: 'ADDRESS', value: '127.0.0.1:$(PORT)' },
        ],
        ports: [{ name: 'http', containerPort: port }],
        startupProbe: { httpGet: httpGet('/ok'), periodSeconds: 0.05, failureThreshold: 200 },
        readinessProbe: { httpGet: httpGet('/ok'), periodSeconds: 0.05 },
        livenessProbe: { httpGet: httpGet('/ok'), periodSeconds: 60 },
        volumeMounts: [
          { name: 'config', mountPath: '/etc/config', readOnly: true },
          { name: 'secret', mountPath: '/etc/secret', readOnly: true },
          { name: 'all', mountPath: '/opt/all', readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: 'config' } },
      {
        name: 'secret',
        secret: { secretName: 'bearer', defaultMode: 0o440, items: [{ key: 'a', path: 'deep/a' }] },
      },
      {
        name: 'all',
        projected: {
          sources: [
            {
              configMap: { name: 'config', items: [{ key: 'bytes', path: '00.br', mode: 0o400 }] },
            },
            { secret: { name: 'from-manifests' } },
          ],
        },
      },
    ],
  };
}
export type PodFixture = ReturnType<typeof podSpec>;

/** YAML of a Deployment of that pod, with the objects that it mounts. */
export function manifestsOf(spec: unknown): string {
  const objects = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'config' },
      data: { text: 'hello' },
      binaryData: { bytes: Buffer.from('bytes').toString('base64') },
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'from-manifests' },
      stringData: { plain: 'p' },
      data: { coded: Buffer.from('c').toString('base64') },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'demo' },
      spec: { template: { spec } },
    },
  ];
  return objects.map((object) => stringify(object)).join('---\n');
}
