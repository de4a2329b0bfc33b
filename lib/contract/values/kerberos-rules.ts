import type { ConfigIssue } from '../issues';
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
  if (image.tag !== '' && !(isNode && /alpine|slim/.test(image.tag))) return [];
  return [
    {
      path: ['image', 'tag'],
      message: `${
        image.tag === '' ? 'is not set, and the usual image' : 'names an image that'
      } has no curl with GSS-API, which auth.sharedSecret.authType gss needs`,
      fix: FIX,
    },
  ];
}

export function signsInByKerberos({ auth }: Pick<Values, 'auth'>): boolean {
  return auth.mode === 'sharedSecret' && auth.sharedSecret.authType === 'gss';
}
