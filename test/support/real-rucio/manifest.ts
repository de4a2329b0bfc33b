/** Where the parts of an installed Rucio are. All paths are absolute. */
export interface InstalledRucio {
  /** The interpreter of the virtual environment. */
  readonly python: string;
  /** Rucio's database migrations, for its configuration. */
  readonly migrations: string;
  /** Needed for rules that wait for an approval: Rucio writes a mail about them. */
  readonly mailTemplates: string;
}

/** What a server needs to be started from the directory of the fixture. */
export interface RealRucioManifest extends InstalledRucio {
  /** The fixture's own Python files. */
  readonly pythonPath: string;
  /** The release of Rucio, as `/ping` tells it. */
  readonly version: string;
}

/** Written last: a directory without it is unfinished. */
export const MANIFEST_FILE = 'manifest.json';
/** The seeded database that every server starts from. */
export const GOLDEN_DATABASE = 'golden.db';
