import { type Manifest, title } from './manifest';

/**
 * No secret stands anywhere but in a Secret: not in a ConfigMap, an argument, a variable or a label.
 *
 * @param secrets - the secret texts that the manifests were made from
 */
export function secretProblems(
  manifests: readonly Manifest[],
  secrets: readonly string[],
): string[] {
  const needles = secrets.filter((secret) => secret !== '').map(escaped);
  return manifests
    .filter(({ kind }) => kind !== 'Secret')
    .filter((manifest) => {
      // Once for the manifest, once for JSON that stands in a text of it.
      const text = JSON.stringify(manifest);
      return needles.some((needle) => text.includes(needle) || text.includes(escaped(needle)));
    })
    .map((manifest) => `${title(manifest)} contains a secret`);
}

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
