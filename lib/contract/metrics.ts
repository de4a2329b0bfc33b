/**
 * Every metric of the server as data. The server builds its instruments from it, dashboards, alerts
 * and documentation their queries and tables; a name or a label exists nowhere else.
 */
export interface MetricDefinition {
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly name: string;
  readonly help: string;
  /** Label names. Every value comes from a closed set (sites, tools, routes, outcomes). */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in the metric's base unit. */
  readonly buckets?: readonly number[];
}

/** From a cached answer to the longest deadline. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const;
const BYTES = [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576] as const;

export const METRICS = {
  toolCalls: {
    kind: 'counter',
    name: 'rucio_mcp_tool_calls_total',
    help: 'Tool calls by outcome: ok, error (the model got an error text), asked (the user is asked first) or cancelled (the client left).',
    labels: ['site', 'tool', 'status'],
  },
  toolErrors: {
    kind: 'counter',
    name: 'rucio_mcp_tool_errors_total',
    help: 'Failed tool calls by the code that the model was shown.',
    labels: ['site', 'tool', 'code'],
  },
  toolCallDuration: {
    kind: 'histogram',
    name: 'rucio_mcp_tool_call_duration_seconds',
    help: 'Time from the tool call to its result, by the outcomes of rucio_mcp_tool_calls_total.',
    labels: ['site', 'tool', 'status'],
    buckets: SECONDS,
  },
  toolResponseBytes: {
    kind: 'histogram',
    name: 'rucio_mcp_tool_response_bytes',
    help: 'Size of the text that the model receives from a tool.',
    labels: ['site', 'tool'],
    buckets: BYTES,
  },
  toolTruncations: {
    kind: 'counter',
    name: 'rucio_mcp_tool_truncations_total',
    help: 'Results that leave something out: page (more pages follow) or size (cut to fit into one answer).',
    labels: ['site', 'tool', 'cause'],
  },
  httpRequests: {
    kind: 'counter',
    name: 'rucio_mcp_http_requests_total',
    help: 'HTTP requests by route template, method and status class.',
    labels: ['route', 'method', 'status'],
  },
  httpRequestDuration: {
    kind: 'histogram',
    name: 'rucio_mcp_http_request_duration_seconds',
    help: 'Time to answer an HTTP request, to the last byte.',
    labels: ['route'],
    buckets: SECONDS,
  },
  authRefusals: {
    kind: 'counter',
    name: 'rucio_mcp_auth_refusals_total',
    help: 'Requests refused before any tool ran, by reason.',
    labels: ['reason'],
  },
  rateLimitRefusals: {
    kind: 'counter',
    name: 'rucio_mcp_rate_limit_refusals_total',
    help: 'Requests answered with 429, by route template.',
    labels: ['route'],
  },
  rucioRequests: {
    kind: 'counter',
    name: 'rucio_mcp_rucio_requests_total',
    help: 'Requests sent to Rucio, by operation and outcome.',
    labels: ['site', 'operation', 'outcome'],
  },
  rucioRequestDuration: {
    kind: 'histogram',
    name: 'rucio_mcp_rucio_request_duration_seconds',
    help: "Time to the first byte of Rucio's answer.",
    labels: ['site', 'operation'],
    buckets: SECONDS,
  },
  credentialExpiry: {
    kind: 'gauge',
    name: 'rucio_mcp_credential_expiry_timestamp_seconds',
    help: "When the robot's certificate ends, in seconds since the epoch. Absent for what does not end.",
    labels: ['site', 'type'],
  },
  rucioLogins: {
    kind: 'counter',
    name: 'rucio_mcp_rucio_logins_total',
    help: "The robot's logins at Rucio, by outcome.",
    labels: ['site', 'outcome'],
  },
  oauthEvents: {
    kind: 'counter',
    name: 'rucio_mcp_oauth_events_total',
    help: 'Steps and ends of logins, registrations, tokens, by reason (none for what succeeded).',
    labels: ['site', 'event', 'reason'],
  },
  openStreams: {
    kind: 'gauge',
    name: 'rucio_mcp_open_streams',
    help: 'MCP requests that are being answered now.',
    labels: ['site'],
  },
  openConnections: {
    kind: 'gauge',
    name: 'rucio_mcp_open_connections',
    help: 'Connections of clients that are open now, idle or not.',
    labels: [],
  },
  connectionsClosed: {
    kind: 'counter',
    name: 'rucio_mcp_connections_closed_total',
    help: 'Connections closed because there were too many, by reason: idle (the longest idle one made room) or refused (all others were busy).',
    labels: ['reason'],
  },
  stateStoreUp: {
    kind: 'gauge',
    name: 'rucio_mcp_state_store_up',
    help: 'Whether the state store that pods share answers: 1 or 0. Absent without one.',
    // Without a label the metric would be there, as 0, where no store is configured.
    labels: ['store'],
  },
  stateStoreQuestions: {
    kind: 'counter',
    name: 'rucio_mcp_state_store_questions_total',
    help: 'Questions to the Redis that pods share, by outcome.',
    labels: ['outcome'],
  },
  secretReloads: {
    kind: 'counter',
    name: 'rucio_mcp_secret_reloads_total',
    help: 'Secret files read again after a change, by outcome.',
    labels: ['secret', 'outcome'],
  },
  traceExports: {
    kind: 'counter',
    name: 'rucio_mcp_trace_exports_total',
    help: 'Batches of spans sent to the collector, by outcome. What could not be delivered is dropped.',
    labels: ['outcome'],
  },
  time: {
    kind: 'gauge',
    name: 'rucio_mcp_time_seconds',
    help: 'What the server takes for the time, in seconds since the epoch.',
    labels: [],
  },
  buildInfo: {
    kind: 'gauge',
    name: 'rucio_mcp_build_info',
    help: 'Constant 1, labelled with what runs.',
    labels: ['version', 'node'],
  },
} as const satisfies Record<string, MetricDefinition>;

export type MetricId = keyof typeof METRICS;
export type MetricLabels<Id extends MetricId> = (typeof METRICS)[Id]['labels'][number];
