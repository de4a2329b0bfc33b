const DATASET = {
  scope: 'mock',
  name: 'ds',
  type: 'DATASET',
  account: 'root',
  open: false,
  monotonic: false,
  expired_at: null,
  length: 500,
  bytes: 1_234_567_890,
};
const ROWS = Array.from({ length: 50 }, (_, index) =>
  JSON.stringify({
    scope: 'mock',
    name: `mc20_13TeV.700320.Sh_2211_Zee.deriv.DAOD_PHYS.e8351_p5855_tid${36_000_000 + index}_00`,
    did_type: 'DATASET',
    length: 500,
    bytes: 1_234_567_890,
  }),
).join('\n');

/** What the Rucio of the measurements has: one dataset, and 50 rows of a search. Type and body by path. */
export const ANSWERS: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/ping': ['application/json', '{"version":"41.5.1"}'],
  '/dids/mock/ds': ['application/json', JSON.stringify(DATASET)],
  '/dids/mock/ds/status': ['application/json', JSON.stringify(DATASET)],
  '/dids/mock/dids/search': ['application/x-json-stream', `${ROWS}\n`],
};
