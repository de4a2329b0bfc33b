import { sha256 } from '../bundle/pack';
import { MAX_LABEL } from '../contract/release';

/** Digits that keep two cut names apart. */
const DIGITS = 6;

/**
 * The name of an object that is a DNS label (a Service, a Job): `name-suffix`, cut in the middle
 * where it is too long, with a digest in the place of what is cut.
 */
export function suffixed(name: string, suffix: string): string {
  const whole = `${name}-${suffix}`;
  if (whole.length <= MAX_LABEL) return whole;
  const digest = sha256(name).slice(0, DIGITS);
  const room = MAX_LABEL - suffix.length - digest.length - 2;
  return `${name.slice(0, room).replace(/-+$/, '')}-${digest}-${suffix}`;
}
