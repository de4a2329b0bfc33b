import { textsAt } from '../../../constructs/checks/manifest';
import type { ServerFacts } from '../snapshot';
import { type Consequence, type Rule, type Transition, listed } from './consequence';

/** The Secrets to make before, and those that nobody reads any more. */
export const secretRules: Rule = (transition) => [
  ...missingSecrets(transition),
  ...unreadSecrets(transition),
  ...unusedSecrets(transition),
];

function missingSecrets({ before, after, namespace, cluster }: Transition): Consequence[] {
  return [...after.secrets].flatMap(([name, keys]): Consequence[] => {
    if (after.madeSecrets.has(name)) return [];
    const known = before.secrets.get(name);
    const isThere =
      cluster?.secrets === undefined ? known !== undefined : cluster.secrets.has(name);
    if (!isThere) return [secretToMake(name, keys, { after, namespace })];
    const extra = known === undefined ? keys : keys.filter((key) => !known.includes(key));
    if (extra.length === 0 || known?.length === 0) return [];
    return [
      {
        id: 'secret-keys-to-check',
        topic: 'secrets',
        severity: 'warning',
        message: `Secret ${name}: the pods also read ${listed(extra)} now, and do not start without`,
        remedy: `kubectl -n ${namespace} describe secret ${name}  # shows its keys, not what they hold`,
      },
    ];
  });
}

function secretToMake(
  name: string,
  keys: readonly string[],
  { after, namespace }: Pick<Transition, 'after' | 'namespace'>,
): Consequence {
  return {
    id: 'secret-to-make',
    topic: 'secrets',
    severity: 'error',
    message: `the Secret ${name}${keys.length === 0 ? '' : ` (${listed(keys)})`} has to exist; the pods wait for it`,
    remedy: secretCommand(name, keys, { server: after.server, isPull: isPull(name), namespace }),
  };

  function isPull(secret: string): boolean {
    return after.objects.some((it) =>
      textsAt(it, 'spec.template.spec.imagePullSecrets.*.name').includes(secret),
    );
  }
}

interface CommandOptions {
  readonly server: ServerFacts | undefined;
  readonly isPull: boolean;
  readonly namespace: string;
}

/** The command that makes a Secret. Random keys are made on the spot; all else comes from files. */
export function secretCommand(
  name: string,
  keys: readonly string[],
  { server, isPull, namespace }: CommandOptions,
): string {
  const create = `kubectl -n ${namespace} create secret`;
  if (isPull) {
    return `${create} docker-registry ${name} --from-file=.dockerconfigjson=config.json`;
  }
  if (keys.includes('tls.crt')) {
    return `${create} tls ${name} --cert=tls.crt --key=tls.key`;
  }
  const random = [server?.sealing, server?.bearer].filter((it) => it?.secret === name);
  const options = keys.map((key) =>
    random.some((it) => it?.key === key)
      ? `--from-literal=${key}="$(openssl rand -hex 32)"`
      : `--from-file=${key}=${key}`,
  );
  return [`${create} generic ${name}`, ...(keys.length === 0 ? ['--from-file=DIR'] : options)].join(
    ' ',
  );
}

/** Secrets that the apply writes, and that are not compared with those of the cluster. */
function unreadSecrets({ after, cluster }: Transition): Consequence[] {
  return (cluster?.unread ?? []).map((name) => {
    const isBearer = after.server?.bearer?.secret === name;
    return {
      id: 'secret-not-compared',
      topic: 'secrets',
      severity: 'warning',
      message: `what the Secret ${name} holds in the cluster is not looked at: the apply sets it to the values'${isBearer ? ', and clients are refused where their bearer is another one' : ''}`,
      remedy: 'compare with the last output: diff --against DIR',
      ...(isBearer ? { effect: 'logins at risk' } : {}),
    };
  });
}

function unusedSecrets({ before, after, namespace }: Transition): Consequence[] {
  if (after.workload === undefined) return [];
  const unused = [...before.secrets.keys()].filter(
    (name) => !after.secrets.has(name) && !after.madeSecrets.has(name),
  );
  if (unused.length === 0) return [];
  return [
    {
      id: 'secret-unused',
      topic: 'secrets',
      severity: 'info',
      message: `nothing here reads the Secret ${listed(unused)} any more`,
      remedy: `keep it while you may roll back, then: kubectl -n ${namespace} delete secret ${unused.join(' ')}`,
    },
  ];
}
