import { rfc1123 } from './python-date';
import type { Json } from './python-json';
import type { DemoDid } from './store';

/** The columns of Rucio's table of DIDs. Most of them are empty in the demo. */
export function didMetadata(did: DemoDid, createdAt: number): Json {
  const date = rfc1123(createdAt);
  const collection = did.type !== 'FILE';
  const closed = collection && !did.open;
  return {
    scope: did.scope,
    name: did.name,
    account: did.account,
    did_type: did.type,
    is_open: collection ? did.open : null,
    monotonic: false,
    hidden: false,
    obsolete: false,
    complete: null,
    is_new: true,
    availability: 'AVAILABLE',
    suppressed: false,
    bytes: did.bytes,
    length: collection ? did.length : null,
    md5: did.md5,
    adler32: did.adler32,
    expired_at: null,
    purge_replicas: true,
    deleted_at: null,
    created_at: date,
    updated_at: date,
    accessed_at: null,
    closed_at: closed ? date : null,
    eol_at: null,
    is_archive: null,
    constituent: null,
    access_cnt: null,
    events: closed ? 0 : null,
    guid: null,
    project: collection ? projectOf(did.scope) : null,
    datatype: null,
    run_number: null,
    stream_name: null,
    prod_step: null,
    version: null,
    campaign: null,
    task_id: null,
    panda_id: null,
    lumiblocknr: null,
    provenance: null,
    phys_group: null,
    transient: false,
  };
}

/** Collections of people and groups belong to projects of that name. */
function projectOf(scope: string): string | null {
  const [first = ''] = scope.split('.');
  return ['user', 'group'].includes(first) ? first : null;
}
