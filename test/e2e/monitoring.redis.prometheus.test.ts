import { appendFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { parseAllDocuments } from 'yaml';

import { type App, buildApp } from '../../server/app';
import { startDemoRucio } from '../../server/demo/start-demo-rucio';
import { Metrics } from '../../server/plugins/metrics';
import { registerTestClient } from '../oidc/oidc-app';
import { Scene } from '../oidc/scene';
import { eventually } from '../support/eventually';
import { describeWith } from '../support/requirements';
import { startRedis } from '../support/start-redis';
import { testDocument } from '../support/test-document';
import { readyDemoPod } from './demo-pod';
import { CLIENTS } from './mcp-clients';
import { type Prometheus, startPrometheus } from './start-prometheus';
import { sharedState } from '../oidc/shared-state';

interface Monitor {
  readonly spec: {
    readonly jobLabel: string;
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly endpoints: readonly [{ port: string; path: string; interval: string }];
  };
}
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: object;
  readonly data?: Readonly<Record<string, string>>;
}
interface Panel {
  readonly title: string;
  readonly type: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const NAMESPACE = 'mcp';
const fail = (): never => {
  throw new Error('there is no client to call with');
};
const TLS = join(__dirname, '../support/tls');

describeWith(
  ['redis', 'prometheus'],
  'what is monitored, by a real Prometheus',
  (redisCommand, command) => {
    const stops: (() => Promise<unknown>)[] = [];
    const later = <T extends object>(thing: T, stop: (thing: T) => Promise<unknown>): T => {
      stops.unshift(() => stop(thing));
      return thing;
    };
    afterAll(async () => {
      for (const stop of stops) await stop();
    }, 60_000);

    let manifests: Manifest[];
    let prometheus: Prometheus;
    let load: () => Promise<void>;

    const made = (kind: string) => {
      const found = manifests.find((manifest) => manifest.kind === kind);
      if (found === undefined) throw new Error(`no ${kind}`);
      return found;
    };

    beforeAll(async () => {
      const rucio = later(await startDemoRucio(), (it) => it.close());
      const demo = later(
        await readyDemoPod({
          rucioUrl: rucio.url,
          values: (values) => ({
            ...values,
            serviceMonitor: { enabled: true, interval: '1s' },
            prometheusRule: { enabled: true },
            grafanaDashboard: { enabled: true },
          }),
          manifests: (yaml) => {
            manifests = parseAllDocuments(yaml).map((document) => document.toJS() as Manifest);
            return yaml;
          },
        }),
        ({ pod }) => pod.stop(),
      );
      const users = await startUsers();
      const certificate = await startCertificateRobot(rucio.url);
      prometheus = later(
        await startPrometheus({
          command,
          scrapeConfigs: [
            scrapeConfig([
              [demo.pod.url('', 'metrics'), 'demo'],
              [users.metricsUrl, 'users'],
              [certificate, 'certificate'],
            ]),
          ],
          rules: made('PrometheusRule').spec,
        }),
        (it) => it.stop(),
      );
      const [, , connect] = CLIENTS[0] ?? fail();
      const client = later(await connect(`${demo.endpoint}/`, demo.bearer), (it) => it.close());
      load = async () => {
        await client.callTool('rucio_ping');
        await client.callTool('rucio_list_rses', { limit: 1 });
        await client.callTool('rucio_get_did', { did: 'nowhere:nothing' });
        await fetch(demo.endpoint, { method: 'POST', headers: { authorization: 'Bearer wrong' } });
        await users.load();
      };
    }, 120_000);

    /** What the operator makes of the ServiceMonitor for these pods. */
    function scrapeConfig(pods: readonly (readonly [url: string, pod: string])[]): object {
      const { spec } = made('ServiceMonitor') as unknown as Monitor;
      const [endpoint] = spec.endpoints;
      const service = manifests.find(
        ({ kind, metadata }) =>
          kind === 'Service' &&
          Object.entries(spec.selector.matchLabels).every(
            ([label, value]) => metadata.labels[label] === value,
          ),
      );
      return {
        job_name: 'from-the-service-monitor',
        scrape_interval: endpoint.interval,
        scrape_timeout: endpoint.interval,
        metrics_path: endpoint.path,
        static_configs: pods.map(([url, pod]) => ({
          targets: [new URL(url).host],
          labels: { job: service?.metadata.labels[spec.jobLabel] ?? '', namespace: NAMESPACE, pod },
        })),
      };
    }

    const metricsOf = async (app: App) => {
      await app.metrics.listen({ host: '127.0.0.1', port: 0 });
      const { port } = app.metrics.server.address() as AddressInfo;
      return `http://127.0.0.1:${port}`;
    };

    /** A server where users sign in, with a Redis; its load has logins of every kind. */
    async function startUsers() {
      const redis = later(await startRedis(redisCommand), (it) => it.stop());
      const made = later(await testDocument('http://127.0.0.1:1'), (it) => it.cleanUp());
      const sealingKeysFile = join(made.bearerFile, '..', 'sealing-keys');
      await writeFile(sealingKeysFile, `first:${'a1'.repeat(16)}\n`);
      const scene = later(
        await Scene.open({
          change: (document) => ({
            ...document,
            auth: sharedState(sealingKeysFile, redis.url),
          }),
        }),
        (it) => it.close(),
      );
      const metricsUrl = await metricsOf(scene.app.app);
      let keys = 0;
      const load = async () => {
        await scene.signIn();
        await scene.browser.submit(await scene.start(), { decision: 'deny' });
        await fetch(`${scene.app.url}/.well-known/oauth-protected-resource/site/one`);
        await Promise.all(Array.from({ length: 70 }, () => registerTestClient(scene.app.issuer)));
        await appendFile(sealingKeysFile, `more${keys++}:${'b2'.repeat(16)}${keys}\n`);
      };
      return { metricsUrl, load };
    }

    /** A robot with a certificate, of which only the end counts here. */
    async function startCertificateRobot(rucioUrl: string): Promise<string> {
      const made = later(await testDocument(rucioUrl), (it) => it.cleanUp());
      const { document } = made;
      if (document.auth.mode !== 'sharedSecret') throw new TypeError('not a robot');
      const [certFile, keyFile] = [join(TLS, 'loopback-cert.pem'), join(TLS, 'loopback-key.pem')];
      const auth = { ...document.auth, credentials: { type: 'x509' as const, certFile, keyFile } };
      // Nothing is traced there: the collector is never called.
      const tracing = { endpoint: 'http://127.0.0.1:1', sampleRatio: 0, propagate: false };
      const app = later(await buildApp({ ...document, auth, tracing }, new Metrics()), (it) =>
        it.stop(),
      );
      return metricsOf(app);
    }

    test('every panel of the dashboard shows data, and so does every recording rule', async () => {
      const [text = ''] = Object.values(made('ConfigMap').data ?? {}).slice(0, 0);
      expect(text).toBe('');
      const file = manifests
        .flatMap(({ data }) => Object.entries(data ?? {}))
        .find(([name]) => name === 'rucio-mcp-dashboard.json');
      const { panels } = JSON.parse(file?.[1] ?? '') as { panels: readonly Panel[] };
      const queries = panels.flatMap(({ title, targets = [] }) =>
        targets.map(({ expr }) => ({
          title,
          expr: expr
            .replaceAll('$__range', '1m')
            .replaceAll('$__rate_interval', '20s')
            .replaceAll('$site', '.*'),
        })),
      );
      expect(queries.length).toBeGreaterThan(35);
      const { groups } = made('PrometheusRule').spec as {
        groups: { rules: { record?: string }[] }[];
      };
      const records = groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? []));
      const all = [...queries, ...records.map((record) => ({ title: record, expr: record }))];
      let empty: string[] = [];
      let looks = 0;
      await eventually(async () => {
        await load();
        const results = await Promise.all(
          all.map(async ({ title, expr }) => ({ title, found: await prometheus.query(expr) })),
        );
        empty = results
          .filter(({ found }) => !found.some(({ value }) => Number.isFinite(Number(value[1]))))
          .map(({ title }) => title);
        // A counter shows nothing before it has grown between two scrapes.
        await sleep(2000);
        return empty.length === 0 || looks++ > 15;
      });
      expect(empty).toEqual([]);
    }, 120_000);

    test('all targets are up, all rules are healthy, and no alert fires', async () => {
      const up = await prometheus.query('up');
      expect(up.map(({ value }) => value[1])).toEqual(['1', '1', '1']);
      const { groups } = (await prometheus.api('/api/v1/rules')) as {
        groups: { rules: { name: string; health: string; lastError?: string }[] }[];
      };
      const unhealthy = groups.flatMap(({ rules }) =>
        rules.filter(({ health }) => health === 'err'),
      );
      expect(unhealthy).toEqual([]);
      expect(await prometheus.query('ALERTS{alertstate="firing"}')).toEqual([]);
    });
  },
);
