/**
 * Parts of the test suite that need more than Node. A file that needs one is called
 * `<name>.<requirement>.test.ts` (or `<name>.<one>.<another>.test.ts`) and uses
 * {@link describeWith}; jest's global setup then provides the requirement before the first test
 * runs, and only where such a file is selected.
 */
export const REQUIREMENTS = [
  'real-rucio',
  'real-rucio-35',
  'real-rucio-38',
  'real-rucio-saml',
  'conformance',
  'python-server',
  'kube-linters',
  'redis',
  'chromium',
  'simplesamlphp',
  'prometheus',
  'kerberos',
] as const;
export type Requirement = (typeof REQUIREMENTS)[number];

/** What became of a requirement: the directory where it is, or the reason why it can not be had. */
export type Provision = { readonly path: string } | { readonly reason: string };
export type Provisions = Partial<Record<Requirement, Provision>>;

/** The variable by which the global setup tells the test processes. JSON of {@link Provisions}. */
export const PROVISIONS_VARIABLE = 'RUCIO_MCP_TEST_PROVISIONS';

/** The requirements of a test file, by its name, as they stand there; none where Node is enough. */
export function requirementsOf(file: string): Requirement[] {
  const words = /((?:\.[a-z0-9-]+)+)\.test\.ts$/.exec(file)?.[1]?.split('.') ?? [];
  return words.flatMap((word) => REQUIREMENTS.filter((requirement) => requirement === word));
}

/** What the global setup has provided, read from the environment of a test process. */
export function provisions(): Provisions {
  return JSON.parse(process.env[PROVISIONS_VARIABLE] ?? '{}') as Provisions;
}

/** Whether a missing requirement is a failure: in continuous integration nothing is left out. */
export function isStrict(): boolean {
  return !['', '0', 'false', undefined].includes(process.env['CI']?.toLowerCase());
}

/** The directories (for a system's command: its path) of the requirements, in their order. */
type Paths<R extends readonly Requirement[]> = { readonly [I in keyof R]: string };

/**
 * Like `describe`, for tests that need more than Node. Where a requirement can not be had, the
 * body is not run: the suite shows as one skipped test that tells the reason, or as one failed test
 * with `CI=true`.
 *
 * @param needed - the requirement, or a list of them
 * @param body - defines the tests; gets the path of each requirement
 */
export function describeWith<const R extends readonly Requirement[]>(
  needed: R | Requirement,
  title: string,
  body: (...paths: Paths<R>) => void,
): void {
  const requirements = typeof needed === 'string' ? [needed] : needed;
  const paths: string[] = [];
  const reasons: string[] = [];
  for (const requirement of requirements) {
    const provision = provisions()[requirement] ?? {
      reason: `the name of the test file must end in .${requirement}.test.ts`,
    };
    if ('path' in provision) paths.push(provision.path);
    else reasons.push(`needs ${requirement}: ${provision.reason}`);
  }
  if (reasons.length === 0) {
    describe(title, () => body(...(paths as unknown as Paths<R>)));
    return;
  }
  const message = reasons.join('; ');
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
