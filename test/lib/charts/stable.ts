/** Hides what changes with the server, its loader and what other tests are about. */
export function stable(yaml: string): string {
  return yaml
    .replace(/^( +)- \|-\n +const fs[\s\S]*?\n(?= +- "?--"?\n)/m, '$1- <loader>\n')
    .replace(/(-bundle-\d-)[0-9a-f]{10}/g, '$1<digest>')
    .replace(/(-smoke-test-)[0-9a-f]{6}/g, '$1<digest>')
    .replace(/^( +\d\d\.br: ).*/gm, '$1<chunk>')
    .replace(/(?<!sha256:)\b[0-9a-f]{64}$/gm, '<sha256>');
}

/** The same without the texts inside of ConfigMaps: the server's document, the dashboard. */
export function withoutTexts(yaml: string): string {
  return stable(yaml).replace(
    /^( +(?:server|rucio-mcp-dashboard)\.json: )\|\n(?: {4}.*\n)+/gm,
    '$1<json>\n',
  );
}
