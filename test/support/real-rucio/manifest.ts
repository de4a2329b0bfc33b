/** What a server needs to be started from the directory of the fixture. All paths are absolute. */
export interface RealRucioManifest {
  /** The interpreter of the virtual environment. */
  readonly python: string;
  /** Rucio's database migrations, for its configuration. */
  readonly migrations: string;
  /** The fixture's own Python files. */
  readonly pythonPath: string;
}

/** Written last: a directory without it is unfinished. */
export const MANIFEST_FILE = 'manifest.json';
/** The seeded database that every server starts from. */
export const GOLDEN_DATABASE = 'golden.db';
