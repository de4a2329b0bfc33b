import type { DemoRule } from './demo-rule';
import { rfc1123 } from './python-date';
import { type Json, pythonJson } from './python-json';
import type { SeedRse } from './seed-rses';
import { type SeedTransfer, TRANSFER_SERVICE } from './seed-transfers';
import { type DemoDid, type DemoStore, stableId } from './store';

/** A transfer that a rule has asked for. */
export interface TransferRequest {
  readonly rule: DemoRule;
  readonly file: DemoDid;
  readonly destination: SeedRse;
  /** Unknown until somebody takes care of the transfer. */
  readonly source: SeedRse | null;
  readonly state: 'QUEUED' | 'SUBMITTED' | 'FAILED';
  readonly error: string | null;
}

/** Transfers that wait or are under way: one for each lock of a file that is not there yet. */
export function openRequests(store: DemoStore): readonly TransferRequest[] {
  return requestsFor(store, 'REPLICATING');
}

/** Transfers that are over. */
export function pastRequests(store: DemoStore): readonly TransferRequest[] {
  return requestsFor(store, 'STUCK').filter(({ state }) => state === 'FAILED');
}

function requestsFor(
  store: DemoStore,
  wanted: 'REPLICATING' | 'STUCK',
): readonly TransferRequest[] {
  return store.rules.flatMap((rule) =>
    rule.locks
      .filter(({ state }) => state === wanted)
      .map(({ file, rse }) => {
        const played = store.seed.transfers.find((transfer) => concerns(transfer, file, rse));
        return {
          rule,
          file,
          destination: rse,
          source: played === undefined ? null : (store.rse(played.source) ?? null),
          state: played?.state ?? 'QUEUED',
          error: played?.error ?? null,
        };
      }),
  );
}

function concerns({ scope, name, destination }: SeedTransfer, file: DemoDid, rse: SeedRse) {
  return file.scope === scope && file.name === name && rse.rse === destination;
}

type Row = Readonly<Record<string, Json>>;

/** A request in a list: its attributes are a text. */
export function requestRow(store: DemoStore, request: TransferRequest): Row {
  return columns(store, request, pythonJson(attributes(store, request)));
}

/** One request: its attributes are an object. */
export function requestDocument(store: DemoStore, request: TransferRequest): Row {
  return columns(store, request, attributes(store, request));
}

function attributes(store: DemoStore, { rule, file }: TransferRequest): Json {
  const dataset = store.parents(file)[0];
  return {
    activity: rule.activity,
    source_replica_expression: rule.sourceReplicaExpression,
    lifetime: null,
    ds_scope: dataset?.scope ?? rule.did.scope,
    ds_name: dataset?.name ?? rule.did.name,
    bytes: file.bytes,
    md5: file.md5,
    adler32: file.adler32,
    priority: rule.priority,
    allow_tape_source: true,
  };
}

function columns(store: DemoStore, request: TransferRequest, attributesColumn: Json): Row {
  const { rule, file, destination, source, state, error } = request;
  const date = rfc1123(store.createdAt);
  const submitted = state === 'QUEUED' ? null : date;
  return {
    id: stableId('request', rule.id, file.scope, file.name, destination.rse),
    request_type: 'TRANSFER',
    state,
    scope: file.scope,
    name: file.name,
    did_type: 'FILE',
    bytes: file.bytes,
    md5: file.md5,
    adler32: file.adler32,
    source_rse_id: source === null ? null : stableId('rse', source.rse),
    source_rse: source?.rse ?? null,
    dest_rse_id: stableId('rse', destination.rse),
    dest_rse: destination.rse,
    dest_url: null,
    attributes: attributesColumn,
    activity: rule.activity,
    account: rule.account,
    rule_id: rule.id,
    priority: rule.priority,
    retry_count: 0,
    previous_attempt_id: null,
    external_id:
      submitted === null ? null : stableId('transfer', rule.id, file.name, destination.rse),
    external_host: submitted === null ? null : TRANSFER_SERVICE,
    transfertool: submitted === null ? null : 'fts3',
    err_msg: error,
    submitter_id: null,
    requested_at: null,
    submitted_at: submitted,
    started_at: null,
    transferred_at: null,
    estimated_at: null,
    estimated_started_at: null,
    estimated_transferred_at: null,
    staging_started_at: null,
    staging_finished_at: null,
    last_processed_by: null,
    last_processed_at: null,
    created_at: date,
    updated_at: date,
  };
}
