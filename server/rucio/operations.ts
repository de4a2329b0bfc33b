/** What we ask Rucio for: names in metrics and errors, a closed set. */
export const RUCIO_OPERATIONS = [
  'get_account',
  'get_did',
  'list_dids',
  'list_did_rules',
  'list_replicas',
  'login',
  'ping',
  'whoami',
] as const;
export type RucioOperation = (typeof RUCIO_OPERATIONS)[number];

/**
 * How a request ended. `refused`: Rucio answered with an error of its own; `down`: no usable answer
 * (refused connection, time-out, cut stream, an error page); `cancelled`: the caller went away.
 */
export const RUCIO_OUTCOMES = ['ok', 'refused', 'down', 'cancelled'] as const;
export type RucioOutcome = (typeof RUCIO_OUTCOMES)[number];
