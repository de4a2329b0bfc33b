import { METRICS } from '../../../lib/contract/metrics';
import { OAUTH_EVENTS, OAUTH_REASONS } from '../../../lib/contract/oauth-events';
import { TOOL_NAMES } from '../../../lib/contract/tools';
import { ERROR_CODES } from '../../../server/errors';
import { RUCIO_OPERATIONS, RUCIO_OUTCOMES } from '../../../server/rucio/operations';

/** A deployment of all presets. */
const SITES = 4;
/** Routes are written in the code: a dozen for a site, and those that all sites share. */
const ROUTES = 16 * SITES + 16;

/**
 * The most values that a label can take. A label that is not here is not known to be bounded, and
 * fails the test: say where its values come from.
 */
const VALUES: Readonly<Record<string, number>> = {
  site: SITES,
  tool: TOOL_NAMES.length,
  operation: RUCIO_OPERATIONS.length,
  route: ROUTES,
  method: 6,
  event: Object.keys(OAUTH_EVENTS).length,
  cause: 2,
  code: ERROR_CODES.length,
  type: 7,
  store: 1,
  secret: 8,
  version: 1,
  node: 1,
};
/** Those that mean something else in each metric. */
const OWN: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  status: { toolCalls: 4, toolCallDuration: 4, httpRequests: 5 },
  outcome: {
    rucioRequests: RUCIO_OUTCOMES.length,
    rucioLogins: 2,
    stateStoreQuestions: 2,
    secretReloads: 2,
    traceExports: 2,
  },
  reason: { authRefusals: 5, oauthEvents: OAUTH_REASONS.length, connectionsClosed: 2 },
};

/** Series of one pod that a client could make by calling everything in every way. */
const MOST_SERIES = 60_000;

test('metric cardinality: every label is bounded, and so are all series together', () => {
  const series = Object.entries(METRICS).map(([id, metric]) => {
    const combinations = metric.labels.map((label) => {
      const values = OWN[label]?.[id] ?? VALUES[label];
      if (values === undefined) throw new Error(`${metric.name}: where do values of ${label} end?`);
      return values;
    });
    const lines = metric.kind === 'histogram' ? metric.buckets.length + 3 : 1;
    return combinations.reduce((product, values) => product * values, lines);
  });
  expect(series.reduce((sum, count) => sum + count)).toBeLessThan(MOST_SERIES);
});
