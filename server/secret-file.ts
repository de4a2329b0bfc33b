import { readFile, stat } from 'node:fs/promises';

/** How often a file is looked at for changes, in milliseconds. */
const CHECK_INTERVAL_MS = 1000;
/** No secret of ours is larger; a larger file is a mistake. In bytes. */
const MAX_BYTES = 65_536;

export interface SecretFileDeps {
  readonly clock?: () => number;
  /** How long the content is used without a look at the file, in milliseconds. @default 1000 */
  readonly checkIntervalMs?: number;
  readonly onReload?: (outcome: 'ok' | 'error', error?: unknown) => void;
}

interface Content {
  readonly bytes: Buffer;
  /** Without white space around it. */
  readonly text: string;
}

/**
 * A secret that lives in a file and is read again when the file changes, so that a rotated
 * Kubernetes Secret takes effect without a restart. While a changed file can not be read, the last
 * good content stays in use.
 */
export class SecretFile {
  readonly path: string;
  readonly #deps: SecretFileDeps;
  #content: Content | undefined;
  #fingerprint = '';
  #checkedAt = Number.NEGATIVE_INFINITY;
  #pending: Promise<Content> | undefined;

  constructor(path: string, deps: SecretFileDeps = {}) {
    this.path = path;
    this.#deps = deps;
  }

  /**
   * The content, without white space around it.
   *
   * @throws {Error} when the file was never readable, is empty or is larger than 64 KiB; the message
   *   names the path and never the content
   */
  async read(): Promise<string> {
    return (await this.#current()).text;
  }

  /**
   * The content as it is, for a file that is not text.
   *
   * @throws {Error} as `read`
   */
  async readBytes(): Promise<Buffer> {
    return (await this.#current()).bytes;
  }

  async #current(): Promise<Content> {
    const now = (this.#deps.clock ?? Date.now)();
    const age = now - this.#checkedAt;
    // A clock that was set back must not keep a rotated secret from being noticed.
    const { checkIntervalMs = CHECK_INTERVAL_MS } = this.#deps;
    if (this.#content !== undefined && age >= 0 && age < checkIntervalMs) return this.#content;
    this.#pending ??= this.#refresh(now).finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #refresh(now: number): Promise<Content> {
    try {
      const { mtimeMs, ino, size } = await stat(this.path);
      const fingerprint = `${mtimeMs}:${ino}:${size}`;
      if (this.#content === undefined || fingerprint !== this.#fingerprint) {
        const content = await this.#load(size);
        const before = this.#content?.bytes;
        if (before?.equals(content.bytes) === false) this.#deps.onReload?.('ok');
        this.#content = content;
        this.#fingerprint = fingerprint;
      }
    } catch (error) {
      if (this.#content === undefined) throw error;
      this.#deps.onReload?.('error', error);
    }
    this.#checkedAt = now;
    return this.#content;
  }

  async #load(size: number): Promise<Content> {
    if (size > MAX_BYTES) throw new Error(`${this.path} is larger than ${MAX_BYTES} bytes`);
    const bytes = await readFile(this.path);
    const text = bytes.toString('utf8').trim();
    if (text === '') throw new Error(`${this.path} is empty`);
    return { bytes, text };
  }
}
