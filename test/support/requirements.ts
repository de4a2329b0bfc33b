/**
 * Parts of the test suite that need more than Node. A file that needs one is called
 * `<name>.<requirement>.test.ts` and uses {@link describeWith}; jest's global setup then provides
 * the requirement before the first test runs, and only where such a file is selected.
 */
export const REQUIREMENTS = ['real-rucio', 'conformance', 'python-server', 'kube-linters'] as const;
export type Requirement = (typeof REQUIREMENTS)[number];

/** What became of a requirement: the directory where it is, or the reason why it can not be had. */
export type Provision = { readonly path: string } | { readonly reason: string };
export type Provisions = Partial<Record<Requirement, Provision>>;

/** The variable by which the global setup tells the test processes. JSON of {@link Provisions}. */
export const PROVISIONS_VARIABLE = 'RUCIO_MCP_TEST_PROVISIONS';

/** The requirement of a test file, by its name; `undefined` where Node is enough. */
export function requirementOf(file: string): Requirement | undefined {
  const word = /\.([a-z-]+)\.test\.ts$/.exec(file)?.[1];
  return REQUIREMENTS.find((requirement) => requirement === word);
}

/** What the global setup has provided, read from the environment of a test process. */
export function provisions(): Provisions {
  return JSON.parse(process.env[PROVISIONS_VARIABLE] ?? '{}') as Provisions;
}

/** Whether a missing requirement is a failure: in continuous integration nothing is left out. */
export function isStrict(): boolean {
  return !['', '0', 'false', undefined].includes(process.env['CI']?.toLowerCase());
}

/**
 * Like `describe`, for tests that need more than Node. Where the requirement can not be had, the
 * body is not run: the suite shows as one skipped test that tells the reason, or as one failed test
 * with `CI=true`.
 *
 * @param body - defines the tests; gets the directory of the requirement
 */
export function describeWith(
  requirement: Requirement,
  title: string,
  body: (path: string) => void,
): void {
  const provision = provisions()[requirement] ?? {
    reason: `the name of the test file must end in .${requirement}.test.ts`,
  };
  if ('path' in provision) {
    describe(title, () => body(provision.path));
    return;
  }
  const message = `needs ${requirement}: ${provision.reason}`;
  if (isStrict()) {
    describe(title, () => {
      test(message, () => {
        throw new Error(`${message}. With CI set, nothing may be skipped.`);
      });
    });
  } else {
    describe(title, () => {
      test.skip(message, () => undefined);
    });
  }
}
