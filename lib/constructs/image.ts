import type { Plan } from '../contract/plan';

/**
 * The Node image that runs the bundle: the current LTS, small, without a package of ours in it. The
 * digest is that of the multi-platform index of `node:24-alpine` (found in independent public build
 * records, November 2026). A mirror keeps digests, so another repository does not change it.
 */
const NODE_IMAGE = {
  repository: 'node',
  tag: '24-alpine',
  digest: 'sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43',
} as const;

/** The image reference of the container: `repository:tag@digest`. */
export function serverImage({ values }: Plan): string {
  const { repository, tag, digest } = values.image;
  const isDefaultTag = tag === '' || tag === NODE_IMAGE.tag;
  const pinned = digest === '' && isDefaultTag ? NODE_IMAGE.digest : digest;
  const name = `${repository || NODE_IMAGE.repository}:${tag || NODE_IMAGE.tag}`;
  return pinned === '' ? name : `${name}@${pinned}`;
}
