import { z } from 'zod';

/** A URL of a Rucio or authentication server: https, or http on a loopback address. */
export const RucioUrl = z
  .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
  .refine((value) => isHttpsOrLoopback(value), {
    error: 'plain http is allowed only for localhost, 127.0.0.0/8 and [::1]',
    when: ({ value }) => typeof value === 'string' && URL.canParse(value),
  })
  .refine((value) => !hasCredentialsQueryOrFragment(value), {
    error: 'must not contain a user, a password, a query or a fragment',
    when: ({ value }) => typeof value === 'string' && URL.canParse(value),
  })
  .meta({
    description: 'An https URL, e.g. https://rucio.example.org (http only on loopback addresses)',
  });

function isHttpsOrLoopback(value: string): boolean {
  const url = new URL(value);
  return url.protocol === 'https:' || isLoopbackHost(url.hostname);
}

function hasCredentialsQueryOrFragment(value: string): boolean {
  const url = new URL(value);
  return [url.username, url.password, url.search, url.hash].some((part) => part !== '');
}

/** Whether a URL's host name stays on this machine. IPv6 with or without brackets. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    hostname === '::1' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(hostname)
  );
}

/** The name of a site: one path segment of its endpoint `/site/<name>/` and a metric label. */
export const SiteName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, {
    error: 'must be 1-32 lower-case letters, digits and inner hyphens',
  })
  .meta({ description: 'The site name: 1-32 lower-case letters, digits and inner hyphens' });

/** Where users find help: a page, or a mail address as a `mailto:` URL. */
export const SupportContact = z.url({
  protocol: /^(https|mailto)$/,
  error: 'is not an https: or mailto: URL',
});

/** A line that people read: no control characters, nothing that turns the writing around. */
function line(max: number) {
  return z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, { error: 'has characters that can not be seen' });
}

/** What people see of a site. */
export const SiteBrand = z.strictObject({
  title: line(80)
    .optional()
    .meta({
      description: 'What people call the experiment; shown on pages and in instructions',
      examples: ['The ATLAS experiment'],
    }),
  logoText: line(24)
    .optional()
    .meta({
      description: 'Stands for a logo at the top of the pages; else the title does',
      examples: ['ATLAS'],
    }),
  supportContact: SupportContact.optional().meta({
    description: 'Where users of this site find help; else server.supportContact',
    examples: ['mailto:atlas-help@example.org'],
  }),
});

/**
 * One Rucio instance. Field names are those of the `[client]` section of its `rucio.cfg`, in camel
 * case.
 *
 * @see https://rucio.github.io/documentation/operator/configuration_parameters
 */
export const Site = z
  .strictObject({
    name: SiteName,
    ...SiteBrand.shape,
    rucioHost: RucioUrl,
    authHost: RucioUrl,
    vo: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{1,64}$/, { error: 'must be 1-64 letters, digits, "_", "." or "-"' })
      .default('def')
      .meta({ description: 'Virtual organisation sent as X-Rucio-VO' }),
    caFile: z.string().startsWith('/', { error: 'must be an absolute path' }).optional().meta({
      description: 'Certification authorities in the pod: a PEM bundle, or a directory of them',
    }),
    oidc: z
      .strictObject({
        audience: z.string().min(1).meta({ description: 'X-Rucio-Client-Authorize-Audience' }),
        scope: z.string().min(1).meta({ description: 'X-Rucio-Client-Authorize-Scope' }),
        issuer: z.string().min(1).optional().meta({
          description: "X-Rucio-Client-Authorize-Issuer: a key of the Rucio server's idpsecrets",
        }),
        issuerUrl: z
          .url({ protocol: /^https$/, error: 'is not an https: URL' })
          .optional()
          .meta({
            description:
              'The identity provider itself, where clients can get a token that this Rucio accepts; ' +
              'told to them with tokenFormat passthrough only',
            examples: ['https://iam.example.org/'],
          }),
      })
      .prefault({ audience: 'rucio', scope: 'openid profile' })
      .meta({ description: "What the Rucio server's OIDC login is asked for" }),
  })
  .meta({ description: 'One Rucio instance' });
export type Site = z.output<typeof Site>;

/**
 * The presets. Hosts, audiences and scopes as in the experiments' own client configuration
 * (checked November 2026).
 */
export const SITE_PRESETS = {
  atlas: {
    name: 'atlas',
    title: 'ATLAS',
    rucioHost: 'https://voatlasrucio-server-prod.cern.ch:443',
    authHost: 'https://atlas-rucio-auth.cern.ch:443',
    oidc: { audience: 'rucio', scope: 'openid profile email' },
  },
  cms: {
    name: 'cms',
    title: 'CMS',
    rucioHost: 'https://cms-rucio.cern.ch',
    authHost: 'https://cms-rucio-auth.cern.ch',
    oidc: { audience: 'rucio', scope: 'openid profile offline_access', issuer: 'cms' },
  },
  dune: {
    name: 'dune',
    title: 'DUNE',
    rucioHost: 'https://dune-rucio.fnal.gov',
    authHost: 'https://dune-rucio.fnal.gov',
    oidc: {
      audience: 'https://wlcg.cern.ch/jwt/v1/any',
      scope:
        'openid profile email storage.read:/ org.cilogon.userinfo wlcg.capabilityset:/dunepro ' +
        'wlcg.groups:/dune wlcg.groups:/dune/production',
    },
  },
  escape: {
    name: 'escape',
    title: 'ESCAPE',
    rucioHost: 'https://vre-rucio.cern.ch',
    authHost: 'https://vre-rucio-auth.cern.ch',
    oidc: { audience: 'rucio', scope: 'openid profile offline_access', issuer: 'escape' },
  },
} as const satisfies Record<string, z.input<typeof Site>>;

export type SitePreset = keyof typeof SITE_PRESETS;

/** Names of the presets, in the order of the default site list. */
export const SITE_PRESET_NAMES = Object.keys(SITE_PRESETS) as readonly SitePreset[];

export function isSitePreset(name: string): name is SitePreset {
  return Object.hasOwn(SITE_PRESETS, name);
}
