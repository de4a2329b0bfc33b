import { matchesLabels } from '../../../lib/contract/label-selector';
import fc from 'fast-check';

import { edgesOf } from '../../../lib/constructs/network/addresses';
import type { Flow, Peer } from '../../../lib/constructs/network/flows';
import {
  type PolicyPeer,
  type PolicySpec,
  admits,
  isInBlock,
} from '../../../lib/constructs/network/policy';
import { flowProblems } from '../../../lib/constructs/network/proof';
import type { Manifest } from '../../../lib/constructs/checks/manifest';
import { checkManifests } from '../../../lib/constructs/checks/check-manifests';
import { planFrom } from '../../../lib/contract/plan';
import { DEFAULT_RELEASE } from '../../../lib/contract/release';
import { only, synthManifests, validValues } from '../synth';

const NAMED = { http: 9000, metrics: 9001 };
const NAMESPACE = { name: 'mcp' };
const selectAll = { podSelector: {} };

/** The policy that admits flows, each by a rule of its own. */
function policyOf(flows: readonly Flow[]): PolicySpec {
  const rules = (direction: Flow['direction']) =>
    flows.filter((flow) => flow.direction === direction);
  const ports = ({ protocol, port }: Flow) => [{ protocol, port }];
  return {
    ...selectAll,
    policyTypes: ['Ingress', 'Egress'],
    ingress: rules('ingress').map((flow) => ({ from: peersOf(flow.peers), ports: ports(flow) })),
    egress: rules('egress').map((flow) => ({ to: peersOf(flow.peers), ports: ports(flow) })),
  };
}

function peersOf(peers: readonly Peer[]): PolicyPeer[] {
  return peers.flatMap((peer): PolicyPeer[] => {
    switch (peer.kind) {
      case 'any':
        return [];
      case 'block':
        return [{ ipBlock: { cidr: peer.cidr } }];
      case 'namespaces':
        return [{ namespaceSelector: { matchLabels: peer.labels } }];
      case 'pods':
        return [{ podSelector: { matchLabels: peer.labels } }];
    }
  });
}

const labels = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y'), { minKeys: 1 });
const cidr = fc.constantFrom(
  '10.0.0.0/8',
  '10.0.0.0/16',
  '10.255.0.0/16',
  '192.0.2.7/32',
  '2001:db8::/32',
  '2001:db8:1::/48',
);
const peer: fc.Arbitrary<Peer> = fc.oneof(
  labels.map((given): Peer => ({ kind: 'namespaces', labels: given })),
  labels.map((given): Peer => ({ kind: 'pods', labels: given })),
  cidr.map((given): Peer => ({ kind: 'block', cidr: given })),
);
const peers: fc.Arbitrary<readonly Peer[]> = fc.oneof(
  fc.constant([{ kind: 'any' } as const]),
  fc.array(peer, { minLength: 1, maxLength: 3 }),
);
const flow: fc.Arbitrary<Flow> = fc.record({
  name: fc.constant('flow'),
  direction: fc.constantFrom('ingress', 'egress'),
  peers,
  protocol: fc.constantFrom('TCP', 'UDP'),
  port: fc.constantFrom(53, 80, 443, 9000, 9001, 65_535),
});
const flows = fc.array(flow, { minLength: 1, maxLength: 5 });
const prove = (given: readonly Flow[], policies: readonly PolicySpec[]) =>
  flowProblems({ flows: given, policies, named: NAMED, namespace: NAMESPACE });

test('a policy made of the flows has neither hole nor gap', () => {
  fc.assert(
    fc.property(flows, (given) => {
      expect(prove(given, [policyOf(given)])).toEqual([]);
    }),
    { numRuns: 40, seed: 4 },
  );
});

test('a flow on a port of its own that no rule admits is a gap', () => {
  fc.assert(
    fc.property(flows, flow, (given, extra) => {
      const missing = { ...extra, name: 'missing', port: 7777 };
      const problems = prove([...given, missing], [policyOf(given)]);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.every((text) => text.startsWith('NetworkPolicy gap'))).toBe(true);
    }),
    { numRuns: 40, seed: 4 },
  );
});

test('a rule that no flow needs is a hole, in whatever way it is one', () => {
  const wider: fc.Arbitrary<Partial<PolicySpec>> = fc.constantFrom(
    { egress: [{}] },
    { ingress: [{}] },
    { egress: [{ ports: [{ port: 7000, endPort: 7777 }] }] },
    { ingress: [{ ports: [{ port: 7777, protocol: 'SCTP' }] }] },
    { egress: [{ to: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: [{ port: 7777 }] }] },
    {
      ingress: [{ from: [{ podSelector: { matchLabels: { c: 'z' } } }], ports: [{ port: 7777 }] }],
    },
    {
      ingress: [
        {
          from: [{ namespaceSelector: { matchExpressions: [{ key: 'c', operator: 'Exists' }] } }],
          ports: [{ port: 7777 }],
        },
      ],
    },
  );
  fc.assert(
    fc.property(flows, wider, (given, more) => {
      const problems = prove(given, [policyOf(given), { ...selectAll, ...more }]);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.every((text) => text.startsWith('NetworkPolicy hole'))).toBe(true);
    }),
    { numRuns: 40, seed: 4 },
  );
});

test('what "except" takes out of a block is a gap', () => {
  const given: Flow[] = [
    {
      name: 'Rucio',
      direction: 'egress',
      peers: [{ kind: 'block', cidr: '10.0.0.0/8' }],
      protocol: 'TCP',
      port: 443,
    },
  ];
  const policy: PolicySpec = {
    ...selectAll,
    policyTypes: ['Ingress', 'Egress'],
    egress: [
      {
        to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
        ports: [{ port: 443 }],
      },
    ],
  };
  expect(prove(given, [policy])).toEqual([
    'NetworkPolicy gap: egress of "Rucio" (TCP 443), address 10.1.0.0, is needed, but not admitted',
    'NetworkPolicy gap: egress of "Rucio" (TCP 443), address 10.1.255.255, is needed, but not admitted',
  ]);
});

test.each<[Partial<PolicySpec>, boolean]>([
  [{}, false],
  [{ policyTypes: ['Egress'] }, true],
  [{ ingress: [{}] }, true],
  [{ ingress: [{ ports: [{ port: 'http' }] }] }, true],
  [{ ingress: [{ ports: [{ port: 'metrics' }] }] }, false],
  [{ ingress: [{ ports: [{ protocol: 'TCP' }] }] }, true],
  [{ ingress: [{ ports: [{ port: 8000, endPort: 9000 }] }] }, true],
  [{ ingress: [{ from: [{ podSelector: {} }] }] }, true],
  [{ ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'x' } } }] }] }, false],
  [{ ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }, false],
])('a pod of the same namespace, on http: %j → %p', (spec, expected) => {
  const connection = {
    direction: 'ingress',
    endpoint: { kind: 'pod', namespace: NAMESPACE, labels: {}, isLocal: true },
    protocol: 'TCP',
    port: 9000,
  } as const;
  expect(admits([{ ...selectAll, ...spec }], connection, NAMED)).toBe(expected);
});

test.each([
  ['In', ['x'], true],
  ['In', ['y'], false],
  ['NotIn', ['x'], false],
  ['Exists', undefined, true],
  ['DoesNotExist', undefined, false],
  ['Like', ['x'], false],
])('a selector: a %s %j', (operator, values, expected) => {
  const expression = { key: 'a', operator, ...(values === undefined ? {} : { values }) };
  expect(matchesLabels({ matchExpressions: [expression] }, { a: 'x' })).toBe(expected);
});

test.each([
  ['192.0.2.0/24', ['192.0.1.255', '192.0.2.0', '192.0.2.255', '192.0.3.0']],
  ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255']],
  ['198.51.100.7/32', ['198.51.100.6', '198.51.100.7', '198.51.100.7', '198.51.100.8']],
])('the edges of %s', (block, edges) => {
  expect(edgesOf(block)).toEqual(edges);
});

test('of the edges of a block, the outer ones are outside', () => {
  for (const block of ['2001:db8::/32', '::ffff:192.0.2.0/120', 'fe80::1:0/112', '10.2.0.0/15']) {
    expect(edgesOf(block).map((address) => isInBlock(address, block))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  }
});

describe('the synthesized policy', () => {
  const change = (edit: (policy: Record<string, unknown[]>) => void) => {
    const manifests: Manifest[] = synthManifests();
    edit(only(manifests, 'NetworkPolicy')['spec'] as Record<string, unknown[]>);
    return checkManifests(manifests, planFrom(validValues(), DEFAULT_RELEASE));
  };

  test('without its rule for Rucio has a gap', () => {
    const problems = change((spec) => spec['egress']?.pop());
    expect(problems.join('\n')).toContain('gap: egress of "Rucio of atlas" (TCP 443)');
  });

  test('with a rule more has a hole', () => {
    const problems = change((spec) => spec['egress']?.push({ ports: [{ port: 25 }] }));
    expect(problems.join('\n')).toContain('port 25, is admitted, but nothing needs it');
  });
});
