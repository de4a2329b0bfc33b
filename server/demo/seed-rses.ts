/** How one protocol of a storage element may be used: 0 = not at all, 1 = first choice. */
export interface SeedProtocol {
  readonly scheme: 'root' | 'davs';
  readonly hostname: string;
  readonly port: number;
  readonly prefix: string;
  /** Priority for reading, writing and deleting over the wide area network. */
  readonly wan: number;
  /** The same from the site's own network. */
  readonly lan: number;
}

export interface SeedRse {
  readonly rse: string;
  readonly type: 'DISK' | 'TAPE';
  /** Whether clients may read from it at present. */
  readonly readable: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly protocols: readonly SeedProtocol[];
  /** Bounds that an operator has set, in bytes. */
  readonly limits?: Readonly<Record<string, number>>;
  /** As the storage itself reports, in bytes. */
  readonly usage: { readonly used: number; readonly free: number };
}

const TERABYTE = 1e12;

/** Names of Rucio's protocol classes; the server needs them, the demo never does. */
export const PROTOCOL_CLASSES: Readonly<Record<SeedProtocol['scheme'], string>> = {
  root: 'rucio.rse.protocols.xrootd.Default',
  davs: 'rucio.rse.protocols.webdav.Default',
};

export const SEED_RSES: readonly SeedRse[] = [
  {
    rse: 'CERN-PROD_DATADISK',
    type: 'DISK',
    readable: true,
    attributes: { site: 'CERN-PROD', country: 'CH', cloud: 'CERN', tier: '0', type: 'DATADISK' },
    protocols: [
      {
        scheme: 'root',
        hostname: 'eos.cern-prod.example.org',
        port: 1094,
        prefix: '//eos/demo/datadisk/rucio/',
        wan: 1,
        lan: 1,
      },
      {
        scheme: 'davs',
        hostname: 'eos.cern-prod.example.org',
        port: 443,
        prefix: '/eos/demo/datadisk/rucio/',
        wan: 2,
        lan: 2,
      },
    ],
    usage: { used: 18_200 * TERABYTE, free: 1_800 * TERABYTE },
  },
  {
    rse: 'CERN-PROD_RAW',
    type: 'TAPE',
    readable: true,
    attributes: { site: 'CERN-PROD', country: 'CH', cloud: 'CERN', tier: '0', type: 'DATATAPE' },
    protocols: [
      {
        scheme: 'root',
        hostname: 'cta.cern-prod.example.org',
        port: 1094,
        prefix: '//eos/ctademo/archive/raw/',
        wan: 1,
        lan: 1,
      },
    ],
    usage: { used: 61_000 * TERABYTE, free: 9_000 * TERABYTE },
  },
  {
    rse: 'BNL-OSG2_DATADISK',
    type: 'DISK',
    readable: true,
    attributes: { site: 'BNL-ATLAS', country: 'US', cloud: 'US', tier: '1', type: 'DATADISK' },
    protocols: [
      {
        scheme: 'davs',
        hostname: 'dcgftp.bnl.example.org',
        port: 443,
        prefix: '/pnfs/bnl.example.org/data/rucio/',
        wan: 1,
        lan: 2,
      },
      {
        scheme: 'root',
        hostname: 'dcxrd.bnl.example.org',
        port: 1094,
        prefix: '//pnfs/bnl.example.org/data/rucio/',
        wan: 2,
        lan: 1,
      },
    ],
    usage: { used: 24_500 * TERABYTE, free: 500 * TERABYTE },
  },
  {
    rse: 'DESY-HH_DATADISK',
    type: 'DISK',
    readable: true,
    attributes: { site: 'DESY-HH', country: 'DE', cloud: 'DE', tier: '2', type: 'DATADISK' },
    protocols: [
      {
        scheme: 'davs',
        hostname: 'dcache-demo.desy.example.org',
        port: 2880,
        prefix: '/dq2/datadisk/rucio/',
        wan: 1,
        lan: 1,
      },
    ],
    limits: { MinFreeSpace: 100 * TERABYTE },
    usage: { used: 5_100 * TERABYTE, free: 900 * TERABYTE },
  },
  {
    rse: 'TRIUMF-LCG2_MCTAPE',
    type: 'TAPE',
    readable: true,
    attributes: { site: 'TRIUMF-LCG2', country: 'CA', cloud: 'CA', tier: '1', type: 'MCTAPE' },
    protocols: [
      {
        scheme: 'davs',
        hostname: 'tape.triumf.example.org',
        port: 2880,
        prefix: '/demo/mctape/rucio/',
        wan: 1,
        lan: 1,
      },
    ],
    usage: { used: 8_000 * TERABYTE, free: 2_000 * TERABYTE },
  },
  {
    rse: 'RAL-LCG2_SCRATCHDISK',
    type: 'DISK',
    readable: false,
    attributes: {
      site: 'RAL-LCG2',
      country: 'UK',
      cloud: 'UK',
      tier: '1',
      type: 'SCRATCHDISK',
      // Its paths are scope and name, without directories of a hash.
      lfn2pfn_algorithm: 'identity',
    },
    protocols: [
      {
        scheme: 'root',
        hostname: 'xrootd.ral.example.org',
        port: 1094,
        prefix: '//demo/scratchdisk/',
        wan: 1,
        lan: 1,
      },
    ],
    usage: { used: 120 * TERABYTE, free: 80 * TERABYTE },
  },
];
