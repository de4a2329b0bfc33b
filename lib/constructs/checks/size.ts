import { type Manifest, title } from './manifest';

/**
 * Most bytes of all annotations of an object. `kubectl apply` writes the whole object into one.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/
 */
const MAX_ANNOTATION_BYTES = 262_144;

/** Every object can be applied without server-side apply. */
export function sizeProblems(manifests: readonly Manifest[]): string[] {
  return manifests.flatMap((manifest) => {
    const own = JSON.stringify(manifest.metadata.annotations ?? {}).length;
    const bytes = Buffer.byteLength(JSON.stringify(manifest)) + own;
    if (bytes <= MAX_ANNOTATION_BYTES) return [];
    return [
      `${title(manifest)} has ${bytes} bytes as JSON, but "kubectl apply" takes ` +
        `${MAX_ANNOTATION_BYTES} at most`,
    ];
  });
}
