/**
 * From Rucio's first row on, a full page of a long list waits so long for the rest, in ms. A Rucio on
 * sqlite or PostgreSQL sends 21,000-47,000 rows of a DID list a second (2026-11).
 */
const LONG_LIST_MS = 150;
/** A list with fewer rows until then may be short: its exact number and order are worth a wait. */
const SHORT_LIST = 2000;
const SHORT_LIST_MS = 1000;

/**
 * How long a page that is full waits for the rest of its list, which tells its order and number of
 * rows. A list that is read to its end in that time costs the caller nothing; one that is not, is
 * answered with what there is.
 */
export class PageBound {
  readonly #whenOver: Promise<void>;
  #tellOver: () => void = () => undefined;
  #isOver = false;
  #startedAt: number | undefined;
  #isLate = false;
  #rows = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor() {
    this.#whenOver = new Promise((resolve) => {
      this.#tellOver = resolve;
    });
  }

  /** Whether the page must not wait any longer. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** To be told of every row. */
  row(rows: number, isFull: boolean): void {
    this.#rows = rows;
    this.#startedAt ??= performance.now();
    if (!isFull) return;
    if (this.#timer === undefined) this.#wait(LONG_LIST_MS);
    if (this.#isLate && this.#rows >= SHORT_LIST) this.#end();
  }

  /**
   * Waits for the end of the reading, or of the time. A reading that is left behind has to look at
   * {@link isOver}; what it throws then is nobody's business.
   *
   * @returns whether the time was over first
   */
  async cuts(reading: Promise<void>): Promise<boolean> {
    reading.catch(() => undefined);
    try {
      return await Promise.race([
        reading.then(() => this.#isOver),
        this.#whenOver.then(() => true),
      ]);
    } finally {
      clearTimeout(this.#timer);
    }
  }

  #wait(ms: number): void {
    const leftMs = (this.#startedAt ?? 0) + ms - performance.now();
    this.#timer = setTimeout(
      () => {
        if (this.#isLate || this.#rows >= SHORT_LIST) {
          this.#end();
          return;
        }
        this.#isLate = true;
        this.#wait(SHORT_LIST_MS);
      },
      Math.max(leftMs, 0),
    );
  }

  #end(): void {
    this.#isOver = true;
    this.#tellOver();
  }
}
