import type { Plan } from '../contract/plan';

/**
 * The Node image that runs the bundle: the current LTS, small, without a package of ours in it. The
 * digest was found in independent public build records (November 2026); that it is the index of all
 * platforms, and not one platform's image, is an assumption. A mirror keeps digests, so another
 * repository does not change it.
 */
const NODE_IMAGE = {
  repository: 'node',
  tag: '24-alpine',
  digest: 'sha256:d32cdf619f63fe0471182d08996dd516c6275bb5fd31ae06e55a570bd9e1ad43',
} as const;

/** The image of the chart: the package manager that installs the Python server. */
const PIXI_IMAGE = { repository: 'ghcr.io/prefix-dev/pixi', tag: '0.69.0-jammy' } as const;

/** The stock Node image, pinned. */
export const STOCK_NODE = `${NODE_IMAGE.repository}:${NODE_IMAGE.tag}@${NODE_IMAGE.digest}`;

/** The image reference of the container: `repository:tag@digest`. */
export function serverImage(plan: Plan): string {
  const { runtime } = plan.values;
  switch (runtime.kind) {
    case 'bundle':
      return nodeImage(plan);
    case 'image':
      return runtime.volume ? STOCK_NODE : ownImage(plan);
    case 'pixi':
      return pixiImage(plan);
  }
}

/** The image that the Dockerfile makes; its digest is required. */
export function ownImage({ values: { image } }: Plan): string {
  const tag = image.tag === '' ? '' : `:${image.tag}`;
  return `${image.repository}${tag}@${image.digest}`;
}

function nodeImage({ values: { image } }: Plan): string {
  const { repository, tag, digest } = image;
  const isDefaultTag = tag === '' || tag === NODE_IMAGE.tag;
  const pinned = digest === '' && isDefaultTag ? NODE_IMAGE.digest : digest;
  return reference(repository || NODE_IMAGE.repository, tag || NODE_IMAGE.tag, pinned);
}

function pixiImage({ values: { image } }: Plan): string {
  const { repository, tag, digest } = image;
  return reference(repository || PIXI_IMAGE.repository, tag || PIXI_IMAGE.tag, digest);
}

function reference(repository: string, tag: string, digest: string): string {
  const name = `${repository}:${tag}`;
  return digest === '' ? name : `${name}@${digest}`;
}
