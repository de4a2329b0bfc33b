/** Parameters of a request to an OAuth endpoint, each at most once. */
export type Parameters = ReadonlyMap<string, string>;

/**
 * Reads parameters in the form of a query or a form body. Empty ones count as left out.
 *
 * @returns undefined when one is there twice (RFC 6749 section 3.1); `resource` may be repeated with
 *   the same value
 */
export function readParameters(text: string): Parameters | undefined {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (value === '') continue;
    const known = parameters.get(name);
    if (known !== undefined && !(name === 'resource' && known === value)) return undefined;
    parameters.set(name, value);
  }
  return parameters;
}
