import { PORTS, sitePath } from '../../lib/contract/endpoints';
import { DEMO_SITE } from './demo-values';

/** Where the demo is, unless its port is taken or another one was asked for. */
export const DEFAULT_ENDPOINT = `http://127.0.0.1:${PORTS.http}${sitePath(DEMO_SITE)}/`;
