import { only, synthManifests, validValues } from '../synth';

const selector = {
  'app.kubernetes.io/instance': 'rucio-mcp',
  'app.kubernetes.io/name': 'rucio-mcp',
};

test('by default: http and metrics from anywhere, out to DNS and the ports of Rucio', () => {
  expect(only(synthManifests(), 'NetworkPolicy')['spec']).toEqual({
    podSelector: { matchLabels: selector },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { ports: [{ port: 'http', protocol: 'TCP' }] },
      { ports: [{ port: 'metrics', protocol: 'TCP' }] },
    ],
    egress: [
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
      { ports: [{ port: 443, protocol: 'TCP' }] },
    ],
  });
});

test('namespaces, blocks and the ports of a site of one’s own narrow it', () => {
  const values = validValues();
  values.auth!.sites = [
    {
      name: 'mine',
      rucioHost: 'https://rucio.example.org:8443',
      authHost: 'https://auth.example.org',
    },
  ];
  values.networkPolicy = {
    ingressNamespaceLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' },
    monitoringNamespaceLabels: { 'kubernetes.io/metadata.name': 'monitoring' },
    egressBlocks: ['192.0.2.0/24', '198.51.100.7', '2001:db8::7'],
  };
  expect(only(synthManifests({ values }), 'NetworkPolicy')['spec']).toMatchObject({
    ingress: [
      {
        ports: [{ port: 'http', protocol: 'TCP' }],
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } },
          },
        ],
      },
      {
        ports: [{ port: 'metrics', protocol: 'TCP' }],
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
        ],
      },
    ],
    egress: [
      {
        ports: [
          { port: 53, protocol: 'UDP' },
          { port: 53, protocol: 'TCP' },
        ],
      },
      {
        ports: [
          { port: 443, protocol: 'TCP' },
          { port: 8443, protocol: 'TCP' },
        ],
        to: [
          { ipBlock: { cidr: '192.0.2.0/24' } },
          { ipBlock: { cidr: '198.51.100.7/32' } },
          { ipBlock: { cidr: '2001:db8::7/128' } },
        ],
      },
    ],
  });
});

test('metrics have a headless Service of their own, whatever the type of the other', () => {
  const values = { ...validValues(), service: { type: 'LoadBalancer' } };
  const manifests = synthManifests({ values });
  expect(only(manifests, 'Service', 'rucio-mcp')['spec']).toEqual({
    type: 'LoadBalancer',
    selector,
    ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 'http' }],
  });
  expect(only(manifests, 'Service', 'rucio-mcp-metrics')['spec']).toEqual({
    type: 'ClusterIP',
    clusterIP: 'None',
    selector,
    ports: [{ name: 'metrics', port: 9001, protocol: 'TCP', targetPort: 'metrics' }],
  });
});

test('the monitor scrapes the metrics Service and names the job after the application', () => {
  expect(only(synthManifests(), 'ServiceMonitor')['spec']).toEqual({
    jobLabel: 'app.kubernetes.io/name',
    selector: { matchLabels: { ...selector, 'app.kubernetes.io/component': 'metrics' } },
    namespaceSelector: { matchNames: ['mcp'] },
    endpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
  });
});

test('the Ingress streams: nothing is buffered and an hour may be silent', () => {
  const { metadata, ...ingress } = only(synthManifests(), 'Ingress');
  expect(metadata.annotations).toEqual({
    'cert-manager.io/cluster-issuer': 'letsencrypt-prod',
    'nginx.ingress.kubernetes.io/proxy-body-size': '1048576',
    'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
    'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
    'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
    'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
  });
  expect(ingress['spec']).toEqual({
    ingressClassName: 'nginx',
    rules: [
      {
        host: 'rucio-mcp.example.com',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'rucio-mcp', port: { name: 'http' } } },
            },
          ],
        },
      },
    ],
    tls: [{ hosts: ['rucio-mcp.example.com'], secretName: 'rucio-mcp-tls' }],
  });
});

test('without TLS there is no certificate to ask for, and without a class no class', () => {
  const values = {
    ...validValues(),
    ingress: {
      host: 'rucio-mcp.example.com',
      className: '',
      flavor: 'none',
      tls: { enabled: false },
    },
  };
  const ingress = only(synthManifests({ values }), 'Ingress');
  expect(ingress.metadata.annotations).toBeUndefined();
  expect(Object.keys(ingress['spec'] as object)).toEqual(['rules']);
});

test.each([
  ['haproxy', { 'haproxy-ingress.github.io/timeout-server': '3600s' }],
  ['traefik', {}],
])('%s has annotations of its own; those of the operator win', (flavor, expected) => {
  const annotations = { 'example.com/a': 'b' };
  const values = {
    ...validValues(),
    ingress: { host: 'rucio-mcp.example.com', flavor, annotations },
  };
  expect(only(synthManifests({ values }), 'Ingress').metadata.annotations).toEqual({
    ...expected,
    ...annotations,
  });
});
