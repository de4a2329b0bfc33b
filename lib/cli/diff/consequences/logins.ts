import type { SecretKey, ServerFacts, Snapshot } from '../snapshot';
import { identityOf } from '../state-diff';
import { type Consequence, type Rule, listed } from './consequence';

type Effect = NonNullable<Consequence['effect']>;

/** Who has to sign in again, and why. */
export const loginRules: Rule = ({ before, after, rolls }) => {
  const [old, fresh] = [before.server, after.server];
  if (old === undefined || fresh === undefined) return [];
  if (old.mode !== fresh.mode) return [otherMode(fresh)];
  if (fresh.mode === 'sharedSecret') return bearerRules(before, after);
  const isNew = rolls.length > 0 || isOtherWorkload(before, after);
  return [
    ...kindRules(old, fresh, isNew),
    ...(isSealed(old) && isSealed(fresh) ? sealingRules(old, fresh, isNew) : []),
    ...urlRules(old, fresh),
    ...tokenRules(old, fresh),
    ...siteRules(old, fresh).filter(({ id }) => id === 'site-removed'),
    ...clientRules(old, fresh),
    ...storeRules(old, fresh),
  ];
};

/** Whether other pods serve, because the Deployment has another name. */
function isOtherWorkload(before: Snapshot, after: Snapshot): boolean {
  const [old, fresh] = [before.workload, after.workload];
  return old !== undefined && fresh !== undefined && identityOf(old) !== identityOf(fresh);
}

/** Whether clients hold what this server has sealed, and not tokens of Rucio. */
function isSealed({ isPython, tokenFormat }: ServerFacts): boolean {
  return !isPython && tokenFormat === 'jwe';
}

function login(
  id: string,
  effect: Effect | undefined,
  message: string,
  remedy: string | null,
): Consequence {
  return {
    id,
    topic: 'logins',
    severity: effect === undefined ? 'info' : 'warning',
    message,
    remedy,
    ...(effect === undefined ? {} : { effect }),
  };
}

function otherMode({ mode }: ServerFacts): Consequence {
  return mode === 'oidc'
    ? login(
        'mode-changed',
        'logins lost',
        'the bearer is no longer accepted: every user signs in at Rucio as themselves',
        'tell users to remove the bearer from their client; it then leads them through the login',
      )
    : login(
        'mode-changed',
        'logins lost',
        'nobody is signed in as themselves any more: all share one robot account and its bearer',
        'hand the bearer out, and tell users to add the connector again with it',
      );
}

function kindRules(old: ServerFacts, fresh: ServerFacts, isNew: boolean): Consequence[] {
  if (old.isPython !== fresh.isPython && old.tokenFormat === fresh.tokenFormat) {
    return [
      login(
        'other-server',
        'logins partly lost',
        'Rucio tokens that clients have stay valid until their end, but the other server signs nobody in: clients bring their tokens, or get none',
        'leave auth.oidc.tokenFormat at jwe where users sign in through their client',
      ),
    ];
  }
  if (old.isPython !== fresh.isPython) {
    return [
      login(
        'other-server',
        'logins lost',
        'the other server does not accept what this one has handed out: every user signs in again',
        'announce it; clients ask their users by themselves',
      ),
    ];
  }
  if (!old.isPython || !isNew) return [];
  return [
    login(
      'python-restart',
      'logins lost',
      'the Python server keeps logins and sessions in its memory: a restart ends those in flight',
      null,
    ),
  ];
}

function sealingRules(old: ServerFacts, fresh: ServerFacts, isNew: boolean): Consequence[] {
  const keep =
    'name a Secret with auth.oidc.sealingKeys.existingSecret, so that it is the last time';
  const isSame = text(old.sealing) === text(fresh.sealing);
  if (old.sealing === null) {
    if (isSame && !isNew) return [];
    return [
      login(
        'sealing-keys-in-memory',
        'logins lost',
        'the running pods have made their sealing keys themselves: with them every login ends, and registered clients register again',
        isSame ? keep : null,
      ),
    ];
  }
  if (fresh.sealing === null) {
    return [
      login(
        'sealing-keys-removed',
        'logins lost',
        `no Secret with sealing keys any more (was ${text(old.sealing)}): every login ends, now and at each restart`,
        `keep auth.oidc.sealingKeys.existingSecret: ${old.sealing.secret}`,
      ),
    ];
  }
  if (isSame) return [];
  return [
    login(
      'sealing-keys-renamed',
      'logins at risk',
      `the sealing keys come from ${text(fresh.sealing)}, not from ${text(old.sealing)}: every login ends unless the old keys are in it`,
      'put the new key on the first line and the old ones below it; drop them after 96 hours',
    ),
  ];
}

function text(key: SecretKey | null): string {
  return key === null ? '' : `Secret ${key.secret}, key ${key.key}`;
}

function urlRules(old: ServerFacts, fresh: ServerFacts): Consequence[] {
  if (old.publicUrl === fresh.publicUrl || old.publicUrl === null) return [];
  const isBound = isSealed(old);
  return [
    login(
      'public-url-changed',
      isBound ? 'logins lost' : 'logins partly lost',
      `the public URL is ${fresh.publicUrl ?? 'none'}, not ${old.publicUrl}${isBound ? ': tokens name it as their issuer and end' : ''}`,
      'users add the connector again under the new URL',
    ),
  ];
}

function tokenRules(old: ServerFacts, fresh: ServerFacts): Consequence[] {
  const isNode = !old.isPython && !fresh.isPython;
  return [
    ...(isNode && old.tokenFormat !== fresh.tokenFormat
      ? [
          login(
            'token-format-changed',
            'logins lost',
            fresh.tokenFormat === 'jwe'
              ? 'tokens of Rucio are not accepted any more: every user signs in through their client'
              : 'what was handed out here is not accepted any more, and nobody can sign in: clients bring a Rucio token of their user',
            'announce it',
          ),
        ]
      : []),
    ...(isNode && old.login !== fresh.login
      ? [
          login(
            'login-changed',
            undefined,
            `the login is "${fresh.login}", not "${old.login}": who is in the middle of one begins again`,
            null,
          ),
        ]
      : []),
    ...(old.readOnly && !fresh.readOnly
      ? [
          login(
            'write-scope-offered',
            undefined,
            'users who are signed in keep reading only; they get rucio:write at their next sign-in',
            'to write at once, sign out in the client and sign in again',
          ),
        ]
      : []),
  ];
}

function siteRules(old: ServerFacts, fresh: ServerFacts): Consequence[] {
  const now = new Map(fresh.sites.map((site) => [site.name, site]));
  const gone = old.sites.filter(({ name }) => !now.has(name)).map(({ name }) => name);
  const moved = old.sites.filter((site) => {
    const other = now.get(site.name);
    return (
      other !== undefined && isOther(site.authHost, other.authHost, site.rucioHost, other.rucioHost)
    );
  });
  const asked = old.sites.filter((site) => {
    const other = now.get(site.name);
    return other !== undefined && isOther(site.oidc, other.oidc);
  });
  const names = (sites: readonly { readonly name: string }[]) =>
    listed(sites.map(({ name }) => name));
  return [
    ...(gone.length === 0
      ? []
      : [
          login(
            'site-removed',
            'logins partly lost',
            `no longer served: ${listed(gone)}; its users get 404`,
            'tell them, or keep the site in auth.sites',
          ),
        ]),
    ...(moved.length === 0
      ? []
      : [
          login(
            'site-moved',
            'logins partly lost',
            `${names(moved)} is at another Rucio, which does not know the sessions: its users sign in again`,
            'announce it',
          ),
        ]),
    ...(asked.length === 0
      ? []
      : [
          login(
            'site-scopes-changed',
            undefined,
            `${names(asked)}: issuer, audience or scope of the login at Rucio changed; it counts from the next sign-in on`,
            'where the identity provider has to allow the new scope, do that first',
          ),
        ]),
  ];
}

/** Pairs of texts; one that is not known says nothing. */
function isOther(...texts: readonly (string | null)[]): boolean {
  return texts.some((value, index) => {
    const other = texts[index + 1] ?? null;
    return index % 2 === 0 && value !== null && other !== null && value !== other;
  });
}

function clientRules(old: ServerFacts, fresh: ServerFacts): Consequence[] {
  const now = new Map(fresh.clients.map((client) => [client.clientId, client.redirectUris]));
  const gone = old.clients.filter(({ clientId }) => !now.has(clientId));
  const narrowed = old.clients.flatMap(({ clientId, redirectUris }) =>
    redirectUris
      .filter((uri) => now.has(clientId) && now.get(clientId)?.includes(uri) === false)
      .map((uri) => `${clientId} (${uri})`),
  );
  return [
    ...(gone.length === 0
      ? []
      : [
          login(
            'static-client-removed',
            'logins partly lost',
            `nobody can sign in with ${listed(gone.map(({ clientId }) => clientId))} any more; tokens it has stay valid until their end`,
            'to end them at once, users sign out in that client',
          ),
        ]),
    ...(narrowed.length === 0
      ? []
      : [
          login(
            'redirect-uri-removed',
            'logins partly lost',
            `sign-in fails for a client that still uses the redirect URI: ${listed(narrowed)}`,
            'change the client first',
          ),
        ]),
  ];
}

function storeRules(old: ServerFacts, fresh: ServerFacts): Consequence[] {
  if (old.redis === fresh.redis || old.redis === null) return [];
  return [
    login(
      'state-store-changed',
      undefined,
      'another Redis knows nothing of what was withdrawn: a token that was signed out works again until its end; nobody is signed out',
      'copy the keys rucio-mcp:* where that matters',
    ),
  ];
}

function bearerRules(before: Snapshot, after: Snapshot): Consequence[] {
  const [old, fresh] = [before.server, after.server];
  if (old === undefined || fresh === undefined) return [];
  const robots = [
    ...(old.account === fresh.account ? [] : [`account ${fresh.account ?? 'none'}`]),
    ...fresh.sites
      .filter(({ name, rucioHost }) =>
        old.sites.some((it) => it.name === name && isOther(it.rucioHost, rucioHost)),
      )
      .map(({ name, rucioHost }) => `${name} is ${rucioHost ?? ''}`),
    ...(old.authType === fresh.authType ? [] : [`sign-in by ${fresh.authType ?? 'nothing'}`]),
  ];
  const isSame = text(old.bearer) === text(fresh.bearer);
  return [
    ...(isSame
      ? []
      : [
          login(
            'bearer-renamed',
            'logins at risk',
            `the bearer comes from ${text(fresh.bearer)}, not from ${text(old.bearer)}: clients are refused unless it is the same`,
            'copy the bearer, or hand the new one out',
          ),
        ]),
    ...(robots.length === 0
      ? []
      : [
          login(
            'robot-changed',
            undefined,
            `every call works at Rucio as another robot: ${robots.join(', ')}`,
            'check its permissions at Rucio first',
          ),
        ]),
    ...siteRules(old, fresh).filter(({ id }) => id === 'site-removed'),
  ];
}
