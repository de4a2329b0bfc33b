import {
  type DeploymentModel,
  deploymentModel,
} from '../../../../lib/cli/deployment/deployment-model';
import { policyRules } from '../../../../lib/cli/deployment/policy-rules';
import { planFrom } from '../../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../../lib/contract/release';
import { MATRIX } from '../../charts/matrix';
import { synthManifests, validValues } from '../../synth';

function modelOf(values: unknown = validValues()): DeploymentModel {
  const plan = planFrom(values, DEFAULT_RELEASE, { allowUnserved: true });
  return deploymentModel(plan, synthManifests({ values, allowUnserved: true }));
}

test.each(MATRIX)('%s: every relation has two ends that the model holds', (_, values) => {
  const { objects, peers, relations } = modelOf(values);
  const ids = [...objects, ...peers].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(relations.flatMap(({ from, to }) => [from, to]).filter((id) => !ids.includes(id))).toEqual(
    [],
  );
});

test('a site is one peer with both of its hosts, and says where it may be', () => {
  const { peers } = modelOf({
    ...validValues(),
    networkPolicy: {
      ingressNamespaceLabels: { 'kubernetes.io/metadata.name': 'ingress' },
      egressBlocks: ['192.0.2.0/25', '192.0.2.128/25', '198.51.100.0/24', '2001:db8::7'],
    },
  });
  expect(peers.find(({ id }) => id === 'egress/Rucio of atlas')?.facts).toEqual([
    'voatlasrucio-server-prod.cern.ch',
    'atlas-rucio-auth.cern.ch',
    '192.0.2.0/25, 192.0.2.128/25 and 2 more',
  ]);
  expect(peers.find(({ id }) => id === 'ingress/clients')?.facts).toEqual([
    'from namespace ingress',
  ]);
});

test('Secrets have the keys that are read, and never a value', () => {
  const secretValue = 'c0ffee'.repeat(8);
  const values = validValues() as { auth: { sharedSecret: object } };
  const model = modelOf({
    ...values,
    auth: {
      ...values.auth,
      sharedSecret: { ...values.auth.sharedSecret, existingSecret: '', secretValue },
    },
  });
  expect(model.objects.find(({ id }) => id === 'Secret/rucio-robot')).toMatchObject({
    isProvided: true,
    facts: ['username, password'],
  });
  expect(JSON.stringify(model)).not.toContain(secretValue);
});

test.each<[string, Parameters<typeof policyRules>[0], string[]]>([
  [
    'holes in a block',
    {
      podSelector: {},
      egress: [
        {
          to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '192.168.0.0/16'] } }],
          ports: [{ port: 443 }],
        },
      ],
    },
    ['out TCP 443 to everywhere but 10.0.0.0/8, 192.168.0.0/16'],
  ],
  [
    'pods of a namespace, and a range of ports',
    {
      podSelector: {},
      ingress: [
        {
          from: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'web' } },
              podSelector: { matchLabels: { app: 'proxy' } },
            },
          ],
          ports: [{ protocol: 'UDP', port: 100, endPort: 200 }],
        },
      ],
    },
    ['in UDP 100-200 from pods with app=proxy in namespace web'],
  ],
  ['no limit', { podSelector: {}, ingress: [{}] }, ['in any port from anywhere']],
])('NetworkPolicies in words: %s', (_, spec, rules) => {
  expect(policyRules(spec)).toEqual(rules);
});

test('the Kerberos of a robot is a peer with both of its protocols', () => {
  const [, values] = MATRIX.find(([title]) => title === 'gss') ?? [];
  const { peers, relations } = modelOf(values);
  expect(peers.map(({ name }) => name)).toContain('Kerberos');
  expect(relations.find(({ to }) => to === 'egress/Kerberos')?.label).toBe('UDP 88, TCP 88');
});
