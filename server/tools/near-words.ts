import { didYouMean } from '../../lib/contract/did-you-mean';

/** Most names that are offered for one that is not known. */
const SHOWN = 3;

/** Up to three names that somebody may mean who wrote another one, the nearest first. */
export function nearWords(text: string, names: readonly string[]): string[] {
  const upper = text.toUpperCase();
  const misspelt = didYouMean(text, names) ?? didYouMean(upper, names);
  const longer = names.filter((name) => name.toUpperCase().includes(upper)).sort();
  return [...new Set([...(misspelt === undefined ? [] : [misspelt]), ...longer])].slice(0, SHOWN);
}
