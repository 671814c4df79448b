interface Part<Row> {
  readonly rows: readonly Row[];
  readonly stored: PromiseWithResolvers<void>;
}

/** How many rows make an insert, and how long the first of them waits for others, in milliseconds. */
export interface BulkInsertLimits {
  readonly maxRows: number;
  readonly maxWait: number;
}

/**
 * Gathers the rows of handlers that run side by side into one insert, as ClickHouse wants them: few
 * and large. One is written at a time. Nothing is kept beyond what callers wait for, so memory
 * is bounded by how many handlers run.
 */
export class BulkInserts<Row> {
  readonly #write: (rows: readonly Row[]) => Promise<void>;
  readonly #isOutage: (error: unknown) => boolean;
  readonly #limits: BulkInsertLimits;
  #waiting: Part<Row>[] = [];
  #rows = 0;
  #timer: NodeJS.Timeout | undefined;
  /** The first of those that wait has waited for long enough. */
  #isDue = false;
  #isStoring = false;

  /**
   * @param write stores rows in one piece, all or none.
   * @param isOutage tells failures that no row is to blame for.
   */
  constructor(
    write: (rows: readonly Row[]) => Promise<void>,
    isOutage: (error: unknown) => boolean,
    limits: BulkInsertLimits,
  ) {
    this.#write = write;
    this.#isOutage = isOutage;
    this.#limits = limits;
  }

  /** Resolves when the rows are stored, which happens together. Rejects when they are not. */
  add(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return Promise.resolve();
    const stored = Promise.withResolvers<void>();
    this.#waiting.push({ rows, stored });
    this.#rows += rows.length;
    this.#timer ??= setTimeout(() => {
      this.#isDue = true;
      void this.#storeIfDue();
    }, this.#limits.maxWait);
    void this.#storeIfDue();
    return stored.promise;
  }

  async #storeIfDue(): Promise<void> {
    const isFull = this.#rows >= this.#limits.maxRows;
    if (this.#isStoring || !(isFull || this.#isDue)) return;
    this.#isStoring = true;
    await this.#store(this.#take());
    this.#isStoring = false;
    await this.#storeIfDue();
  }

  #take(): readonly Part<Row>[] {
    const parts = this.#waiting;
    this.#waiting = [];
    this.#rows = 0;
    this.#isDue = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return parts;
  }

  /** A row that ClickHouse refuses must not take the others with it: halves find it. */
  async #store(parts: readonly Part<Row>[]): Promise<void> {
    try {
      await this.#write(parts.flatMap(({ rows }) => rows));
      for (const { stored } of parts) stored.resolve();
    } catch (error) {
      if (parts.length === 1 || this.#isOutage(error)) {
        for (const { stored } of parts) stored.reject(error);
        return;
      }
      const half = Math.ceil(parts.length / 2);
      await this.#store(parts.slice(0, half));
      await this.#store(parts.slice(half));
    }
  }
}
