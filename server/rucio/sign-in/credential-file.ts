import { ConfigError } from '../../../lib/contract/issues';
import { AppError } from '../../errors';
import { SecretFile, type SecretFileDeps } from '../../secret-file';
import { codeOf } from '../error-code';

/** Secret files of the robot, by the names that they have in metrics and logs. */
export const ROBOT_SECRETS = [
  'rucio-username',
  'rucio-password',
  'rucio-certificate',
  'rucio-key',
  'rucio-proxy',
  'rucio-ssh-key',
  'rucio-keytab',
  'rucio-client-id',
  'rucio-client-secret',
] as const;
export type RobotSecret = (typeof ROBOT_SECRETS)[number];

export interface CredentialFileOptions extends SecretFileDeps {
  /** Its key in the server document. */
  readonly field: string;
  /** What it holds, after "the robot's": `password`. */
  readonly noun: string;
  readonly path: string;
}

/** One file of the robot's credentials. It is read again when it changes. */
export class CredentialFile {
  readonly field: string;
  readonly noun: string;
  readonly #file: SecretFile;

  constructor({ field, noun, path, ...deps }: CredentialFileOptions) {
    this.field = field;
    this.noun = noun;
    // Sign-ins are rare, and one must not be made with what was replaced a moment ago.
    this.#file = new SecretFile(path, { ...deps, checkIntervalMs: 0 });
  }

  get path(): string {
    return this.#file.path;
  }

  /**
   * The content, without white space around it.
   *
   * @throws {CredentialError} when it can not be read
   */
  async read(): Promise<string> {
    return this.#readable(() => this.#file.read());
  }

  /**
   * The content as it is.
   *
   * @throws {CredentialError} when it can not be read
   */
  async readBytes(): Promise<Buffer> {
    return this.#readable(() => this.#file.readBytes());
  }

  async #readable<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const code = codeOf(error);
      const why = code === '' ? 'is empty or too large' : `can not be read (${code})`;
      throw this.error(why, 'check the Secret and its keys', error);
    }
  }

  /** @param problem - continues "the file …" */
  error(problem: string, fix: string, cause?: unknown): CredentialError {
    return new CredentialError(this, problem, fix, cause);
  }
}

/** A credential that can not be used. Its texts never have the content of a file. */
export class CredentialError extends Error {
  readonly file: Pick<CredentialFile, 'field' | 'noun' | 'path'>;
  readonly problem: string;
  readonly fix: string;

  constructor(file: CredentialError['file'], problem: string, fix: string, cause?: unknown) {
    super(`the robot's ${file.noun} in ${file.path} ${problem}`, { cause });
    this.name = 'CredentialError';
    this.file = file;
    this.problem = problem;
    this.fix = fix;
  }

  /** For an operator who starts the server. */
  toConfigError(): ConfigError {
    const { field, noun, path } = this.file;
    return new ConfigError(
      [
        {
          path: ['auth', 'credentials', field],
          message: `the file ${path} ${this.problem}`,
          expected: `the robot's ${noun}`,
          fix: this.fix,
        },
      ],
      'the server document',
    );
  }

  /** For a caller, who can not do anything about it. */
  toAppError(): AppError {
    return new AppError('LOGIN', {
      what: `The file with the robot's ${this.file.noun} ${this.problem}.`,
      next: `ask the server's operator: ${this.fix}`,
      cause: this,
    });
  }
}

/** What undici and Python's WSGI servers take as a header value. */
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]+$/;

/**
 * Reads a file whose content is sent in an HTTP header.
 *
 * @throws {CredentialError}
 */
export async function readHeaderValue(file: CredentialFile): Promise<string> {
  const content = await file.read();
  if (!HEADER_VALUE.test(content)) {
    throw file.error(
      'has characters that can not be sent in an HTTP header',
      'choose one of Latin characters, on one line',
    );
  }
  return content;
}
