import { createHash } from 'node:crypto';

export interface SeedFile {
  readonly scope: string;
  readonly name: string;
  readonly bytes: number;
  readonly adler32: string;
  readonly md5: string | null;
}

export interface SeedCollection {
  readonly scope: string;
  readonly name: string;
  readonly type: 'CONTAINER' | 'DATASET';
  readonly account: string;
  /** More can be attached. Of closed collections Rucio keeps size and length. */
  readonly open: boolean;
  /** Names of the same scope, in the order in which they were attached. */
  readonly children: readonly string[];
}

/** A copy of a file on a storage element. */
export interface SeedReplica {
  readonly rse: string;
  readonly scope: string;
  readonly name: string;
  readonly state: 'AVAILABLE' | 'UNAVAILABLE' | 'TEMPORARY_UNAVAILABLE';
}

/** The data of the demo as it is being put together. */
export interface SeedDids {
  readonly files: SeedFile[];
  readonly collections: SeedCollection[];
  readonly replicas: SeedReplica[];
}

/** Sizes and checksums follow from the name, so that every start makes the same data. */
export function seedFile(scope: string, name: string): SeedFile {
  const digest = createHash('sha256').update(`${scope}:${name}`).digest();
  return {
    scope,
    name,
    bytes: 1_000_000_000 + (digest.readUInt32BE(0) % 4_000_000_000),
    adler32: digest.subarray(4, 8).toString('hex'),
    // About one file in four was registered without an MD5 sum.
    md5: digest.readUInt8(8) < 64 ? null : digest.subarray(9, 25).toString('hex'),
  };
}

export interface DatasetOptions {
  readonly scope: string;
  readonly name: string;
  readonly account: string;
  readonly files: number;
  readonly fileName: (index: number) => string;
  /** @default false */
  readonly open?: boolean;
  /** Where the files are: all of them, or every so-manieth only. */
  readonly at?: readonly {
    readonly rse: string;
    /** @default 1 */
    readonly every?: number;
    /** @default 'AVAILABLE' */
    readonly state?: SeedReplica['state'];
  }[];
}

/** Adds a dataset with new files and their replicas. */
export function addDataset(dids: SeedDids, options: DatasetOptions): void {
  const { scope, name, account, at = [], open = false } = options;
  const children: string[] = [];
  for (let index = 1; index <= options.files; index += 1) {
    const file = seedFile(scope, options.fileName(index));
    children.push(file.name);
    dids.files.push(file);
    for (const { rse, every = 1, state = 'AVAILABLE' } of at) {
      if (index % every === 0) dids.replicas.push({ rse, scope, name: file.name, state });
    }
  }
  dids.collections.push({ scope, name, account, type: 'DATASET', open, children });
}

/** Six digits with leading zeros, as production systems number files. */
export function fileNumber(index: number): string {
  return String(index).padStart(6, '0');
}
