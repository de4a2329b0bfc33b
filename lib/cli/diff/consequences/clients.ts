import { type Manifest, textsAt, valuesAt } from '../../../constructs/checks/manifest';
import { type Consequence, type Rule, type Transition, listed } from './consequence';

type Told = Pick<Consequence, 'id' | 'message' | 'remedy'> & Partial<Consequence>;

/** What callers of the endpoint meet: Services, Ingresses and routes. */
export const clientRules: Rule = (transition) => {
  const { before, after } = transition;
  if (before.workload === undefined || after.workload === undefined) return [];
  return [
    ...serviceRules(transition),
    ...hostRules(transition),
    ...tlsRules(transition),
    ...classRules(transition),
    ...bearerRules(transition),
  ];
};

function client(told: Told): Consequence {
  return { topic: 'clients', severity: 'warning', ...told };
}

const ofKind = (objects: readonly Manifest[], ...kinds: string[]) =>
  objects.filter(({ kind }) => kinds.includes(kind));

/** Pairs of objects that are there before and after. */
function kept(
  { before, after }: Transition,
  ...kinds: string[]
): readonly (readonly [Manifest, Manifest])[] {
  return ofKind(before.objects, ...kinds).flatMap((old) => {
    const fresh = after.objects.find(
      ({ kind, metadata }) =>
        kind === old.kind &&
        metadata.name === old.metadata.name &&
        metadata.namespace === old.metadata.namespace,
    );
    return fresh === undefined ? [] : [[old, fresh] as const];
  });
}

function serviceRules(transition: Transition): Consequence[] {
  const { before, after } = transition;
  const names = ofKind(after.objects, 'Service').map(({ metadata }) => metadata.name);
  const gone = ofKind(before.objects, 'Service').filter(
    ({ metadata }) => !names.includes(metadata.name),
  );
  const ports = (service: Manifest) =>
    valuesAt(service, 'spec.ports.*').map((port) => {
      const [number] = valuesAt(port, 'port');
      return `${textsAt(port, 'name')[0] ?? ''} ${String(number)}`.trim();
    });
  return [
    ...gone.map(({ metadata: { name } }) =>
      client({
        id: 'service-removed',
        message: `the Service ${name} is not there any more: what calls ${name} inside the cluster fails once it is deleted`,
        remedy: `find the callers of ${name} first`,
      }),
    ),
    ...kept(transition, 'Service').flatMap(([old, fresh]) => {
      const { name } = old.metadata;
      const lost = ports(old).filter((port) => !ports(fresh).includes(port));
      const type = (it: Manifest) => textsAt(it, 'spec.type')[0] ?? 'ClusterIP';
      return [
        ...(lost.length === 0
          ? []
          : [
              client({
                id: 'service-port-removed',
                message: `the Service ${name} has no port ${listed(lost)} any more: what calls it inside the cluster fails`,
                remedy: 'an Ingress or a route of this deployment follows by itself; tell others',
              }),
            ]),
        ...(type(old) !== type(fresh) && type(old) !== 'ClusterIP'
          ? [
              client({
                id: 'service-type-changed',
                message: `the Service ${name} is ${type(fresh)}, not ${type(old)}: its address outside the cluster goes away`,
                remedy: 'move callers to another address first',
                effect: 'downtime',
              }),
            ]
          : []),
      ];
    }),
  ];
}

function hostsOf(objects: readonly Manifest[]): readonly string[] {
  return ofKind(objects, 'Ingress', 'HTTPRoute').flatMap((it) => [
    ...textsAt(it, 'spec.rules.*.host'),
    ...textsAt(it, 'spec.hostnames.*'),
  ]);
}

function hostRules({ before, after }: Transition): Consequence[] {
  const [old, fresh] = [hostsOf(before.objects), hostsOf(after.objects)];
  const gone = old.filter((host) => !fresh.includes(host));
  if (gone.length === 0) return wayRules(before.objects, after.objects);
  return [
    ...wayRules(before.objects, after.objects),
    client({
      id: 'host-removed',
      message: `${listed(gone)} no longer leads to the server${fresh.length === 0 ? '; nothing exposes it' : `, ${listed(fresh)} does`}`,
      remedy:
        fresh.length === 0
          ? 'users need another way in before this one goes'
          : 'let the name resolve to the ingress controller first; users add the connector again',
      effect: 'downtime',
    }),
  ];
}

/** Hosts that an Ingress served and a route of a Gateway serves now, or the other way round. */
function wayRules(before: readonly Manifest[], after: readonly Manifest[]): Consequence[] {
  const ways = [
    ['Ingress', 'HTTPRoute'],
    ['HTTPRoute', 'Ingress'],
  ] as const;
  return ways.flatMap(([was, now]) => {
    const [old, left, fresh] = [
      hostsOf(ofKind(before, was)),
      hostsOf(ofKind(after, was)),
      hostsOf(ofKind(after, now)),
    ];
    const moved = old.filter((host) => !left.includes(host) && fresh.includes(host));
    if (moved.length === 0) return [];
    return [
      client({
        id: 'way-changed',
        message: `${listed([...new Set(moved)])} is served by way of ${now}, not of ${was}: that controller has another address, and the DNS name still leads to the old one`,
        remedy: 'move the DNS name before you delete the old object',
        effect: 'downtime',
      }),
    ];
  });
}

function tlsRules(transition: Transition): Consequence[] {
  return kept(transition, 'Ingress').flatMap(([old, fresh]) => {
    const [was, now] = [old, fresh].map((it) => textsAt(it, 'spec.tls.*.secretName'));
    const hadTls = valuesAt(old, 'spec.tls.*').length > 0;
    if (hadTls && valuesAt(fresh, 'spec.tls.*').length === 0) {
      return [
        client({
          id: 'tls-removed',
          message: `the Ingress ${fresh.metadata.name} has no TLS any more: tokens travel in clear text up to it`,
          remedy: 'keep ingress.tls.enabled, unless something before the Ingress ends TLS',
        }),
      ];
    }
    if (was?.join() === now?.join()) return [];
    return [
      client({
        id: 'certificate-renamed',
        message: `the certificate comes from the Secret ${listed(now ?? [])}, not from ${listed(was ?? [])}: until it is filled, the controller shows its own and clients refuse it`,
        remedy: 'have the Secret filled first, or copy the old one under the new name',
      }),
    ];
  });
}

function classRules(transition: Transition): Consequence[] {
  const classOf = (it: Manifest) =>
    [...textsAt(it, 'spec.ingressClassName'), ...textsAt(it, 'spec.parentRefs.*.name')].join();
  return kept(transition, 'Ingress', 'HTTPRoute')
    .filter(([old, fresh]) => classOf(old) !== classOf(fresh))
    .map(([old, fresh]) =>
      client({
        id: 'gateway-changed',
        message: `${fresh.kind} ${fresh.metadata.name} goes to ${classOf(fresh) || 'the default class'}, not to ${classOf(old) || 'the default class'}: the other controller has another address, and the old one stops serving it at once`,
        remedy: 'bring it up beside the old one under another name, and move the DNS name',
        effect: 'downtime',
      }),
    );
}

/** A bearer that the values carry is another one. */
function bearerRules({ diff, after }: Transition): Consequence[] {
  const secret = after.server?.bearer?.secret;
  const isOther = diff.objects.some(
    ({ kind, name, action }) => kind === 'Secret' && name === secret && action === 'changed',
  );
  if (!isOther) return [];
  return [
    client({
      id: 'bearer-changed',
      topic: 'logins',
      message: `the bearer in the Secret ${secret ?? ''} is another one: every client is refused until it has it`,
      remedy:
        after.server?.isPython === true ? 'restart the pods, then hand it out' : 'hand it out',
      effect: 'logins lost',
    }),
  ];
}
