import type { Icon } from '@modelcontextprotocol/server';

import type { Toolset } from '../../lib/contract/toolsets';

/** Paths of 16×16 drawings; small, because every list carries them. */
const DRAWINGS: Readonly<Record<Exclude<Toolset, 'all'>, string>> = {
  core: 'M3 13V3h6l4 4-4 3 4 3',
  dids: 'M2 3h5l1 2h6v8H2z',
  replicas: 'M3 3h7v7H3zM6 6h7v7H6z',
  rules: 'M3 4h10M3 8h7M3 12h4M11 11l1 2 3-4',
  storage: 'M3 4h10v3H3zM3 9h10v3H3z',
  accounts: 'M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM2 14c1-6 11-6 12 0',
  transfers: 'M2 5h10l-3-3M14 11H4l3 3',
  subscriptions: 'M3 3c6 0 10 4 10 10M3 7c4 0 6 2 6 6M3 12h1',
  session: 'M8 2v6M4 4a6 6 0 1 0 8 0',
  write: 'M3 13l1-4 7-7 3 3-7 7z',
};

/** The icon of a toolset, as a data URI: no client has to fetch anything. */
export function iconOf(toolset: Exclude<Toolset, 'all'>): Icon {
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'>` +
    `<path d='${DRAWINGS[toolset]}' fill='none' stroke='%2336c'/></svg>`;
  return { src: `data:image/svg+xml,${svg.replaceAll(/[<> ]/g, encodeURIComponent)}` };
}
