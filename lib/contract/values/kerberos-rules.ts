import type { ConfigIssue } from '../issues';
import { KerberosPrincipal } from '../server-document';
import type { Values } from './values';

/** What the operator has to choose for Kerberos. */
const FIX =
  'use the full Debian image of Node, which has it: set image.tag to 24-trixie (and image.digest)';

/**
 * The robot signs in by Kerberos with the curl of the image, which the small images of Node do not
 * have: a pod of theirs would not start. Other images are taken at their operator's word.
 */
export function kerberosImage(values: Values): ConfigIssue[] {
  const { runtime, image } = values;
  if (!signsInByKerberos(values)) return [];
  const isNode = image.repository === '' || /(^|\/)node$/.test(image.repository);
  if (runtime.kind === 'image') {
    return runtime.volume
      ? [
          {
            path: ['runtime', 'volume'],
            message: 'runs in an image without curl, which auth.sharedSecret.authType gss needs',
            fix: 'use runtime.kind bundle with image.tag 24-trixie, or an image of your own with curl',
          },
        ]
      : [];
  }
  if (image.tag === '' ? image.digest !== '' : !(isNode && /alpine|slim/.test(image.tag)))
    return [];
  const problem =
    image.tag === '' ? 'is not set, and the usual tag names an image that' : 'names an image that';
  return [
    {
      path: ['image', 'tag'],
      message: `${problem} has no curl with GSS-API, which auth.sharedSecret.authType gss needs`,
      fix: isNode
        ? FIX
        : 'set image.tag or image.digest to an image of yours with curl and GSS-API',
    },
  ];
}

/** What has to be right in the Secret's settings before Kerberos is asked. */
export function kerberosSecret(values: Values): ConfigIssue[] {
  if (!signsInByKerberos(values)) return [];
  const { principal, keytabKey, krb5ConfKey } = values.auth.sharedSecret.gss;
  const issues: ConfigIssue[] = [];
  const wrong = (field: string, message: string, fix: string) => {
    issues.push({ path: ['auth', 'sharedSecret', 'gss', field], message, fix });
  };
  // Where there is none, that is told elsewhere.
  const parsed = KerberosPrincipal.safeParse(principal);
  if (principal !== '' && !parsed.success) {
    const message = parsed.error.issues[0]?.message ?? 'is no principal';
    wrong('principal', message, 'write it as klist -k shows it for the keytab');
  }
  if (krb5ConfKey === keytabKey) {
    wrong('krb5ConfKey', 'is the key of the keytab', 'name another key of that Secret, or none');
  }
  return issues;
}

export function signsInByKerberos({ auth }: Pick<Values, 'auth'>): boolean {
  return auth.mode === 'sharedSecret' && auth.sharedSecret.authType === 'gss';
}
