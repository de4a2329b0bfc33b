/** A replica that reading has failed at, so that somebody has declared it suspicious. */
export interface SeedSuspicion {
  readonly rse: string;
  readonly scope: string;
  /** Of a file that the storage element has. */
  readonly name: string;
  readonly reason: string;
  /** How often it was declared. */
  readonly times: number;
}

const MC = 'mc20_13TeV';
const CHECKSUM = 'checksum mismatch at the end of a download';
const TIMEOUT = 'no answer within 300 s';

export const SEED_SUSPICIONS: readonly SeedSuspicion[] = [
  {
    rse: 'CERN-PROD_DATADISK',
    scope: MC,
    name: 'DAOD_PHYS.36004612._000001.pool.root.1',
    reason: CHECKSUM,
    times: 3,
  },
  {
    rse: 'CERN-PROD_DATADISK',
    scope: MC,
    name: 'DAOD_PHYS.36004612._000002.pool.root.1',
    reason: TIMEOUT,
    times: 1,
  },
  {
    rse: 'BNL-OSG2_DATADISK',
    scope: MC,
    name: 'DAOD_PHYS.36004612._000001.pool.root.1',
    reason: TIMEOUT,
    times: 1,
  },
];
