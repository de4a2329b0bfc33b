import { CONTENT_TYPES, flaskDocument } from '../answer';
import type { Route } from '../router';

/** The release of Rucio that the demo imitates. */
export const IMITATED_VERSION = '41.5.1';

const ping: Omit<Route, 'path'> = {
  method: 'GET',
  open: true,
  accept: [CONTENT_TYPES.json],
  handle: () => flaskDocument({ version: IMITATED_VERSION }),
};

export const pingRoutes: readonly Route[] = [
  { ...ping, path: '/ping' },
  { ...ping, path: '/ping/' },
];
