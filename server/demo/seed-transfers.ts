/** What became of a transfer that a rule needs. All others wait for their turn. */
export interface SeedTransfer {
  readonly scope: string;
  /** Of a file that a rule of the seed waits for. */
  readonly name: string;
  readonly source: string;
  readonly destination: string;
  readonly state: 'SUBMITTED' | 'FAILED';
  /** The words of the transfer service, where it failed. */
  readonly error: string | null;
}

/** The transfer service that the demo says it uses. */
export const TRANSFER_SERVICE = 'https://fts.demo.example.org:8446';

const MC = 'mc20_13TeV';
const REFUSED =
  'TRANSFER [111] TRANSFER ERROR: Copy failed (3rd pull). Last attempt: destination refused the connection';
const CHECKSUM =
  'TRANSFER [5] DESTINATION CHECKSUM MISMATCH: user and destination checksums do not match';

function transfer(
  file: string,
  state: SeedTransfer['state'],
  error: string | null = null,
): SeedTransfer {
  return {
    scope: MC,
    name: `DAOD_PHYS.${file}.pool.root.1`,
    source: 'CERN-PROD_DATADISK',
    destination: 'DESY-HH_DATADISK',
    state,
    error,
  };
}

export const SEED_TRANSFERS: readonly SeedTransfer[] = [
  transfer('36004629._000001', 'SUBMITTED'),
  transfer('36004629._000003', 'SUBMITTED'),
  transfer('36004833._000001', 'FAILED', REFUSED),
  transfer('36004833._000003', 'FAILED', REFUSED),
  transfer('36004833._000005', 'FAILED', REFUSED),
  transfer('36004833._000007', 'FAILED', CHECKSUM),
];
