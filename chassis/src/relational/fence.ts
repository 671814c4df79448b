import { UnitOfWorkClosedError } from '../store/index.ts';

/** A unit of work was done before all that it had begun: half of it would have been committed. */
export class UnawaitedStatementError extends Error {
  override readonly name = 'UnawaitedStatementError';

  constructor() {
    super('the unit of work ended while a statement of it was under way; await all that it does');
  }
}

/**
 * The one place through which statements leave on a connection of the pool. A transaction is over at
 * the moment of its COMMIT or ROLLBACK; whatever it sends from then on, because an attempt was given up
 * or a sibling has failed, would be committed by itself, so it is refused. A statement that is under
 * way at that moment could not be called back either: the connection is cut, and the server, which
 * was never told to commit, undoes all of it.
 */
export class Fence {
  readonly #cut: () => void;
  readonly #underWay = new Set<(why: UnitOfWorkClosedError) => void>();
  #isOver = false;
  #isCut = false;

  /** @param cut closes the connection without waiting for anything. */
  constructor(cut: () => void) {
    this.#cut = cut;
  }

  /** Whether the connection is of no use any more. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /**
   * Sends a statement and waits for its answer, or until the connection is cut.
   *
   * @returns nothing for a ROLLBACK that need not be sent, as the connection is cut.
   * @throws UnitOfWorkClosedError when the transaction is over.
   * @throws UnawaitedStatementError for a COMMIT while another statement is under way.
   */
  async pass<Answer>(statement: string, send: () => Promise<Answer>): Promise<Answer | undefined> {
    if (/^(begin|start transaction)/.test(statement)) this.#isOver = false;
    if (statement === 'commit' || statement === 'rollback') {
      this.#end();
      if (!this.#isCut) return send();
      if (statement === 'rollback') return undefined;
      throw new UnawaitedStatementError();
    }
    const cut = Promise.withResolvers<never>();
    const leave = this.enter(cut.reject);
    try {
      return await Promise.race([send(), cut.promise]);
    } finally {
      leave();
    }
  }

  /**
   * Lets a statement through.
   *
   * @param onCut is told when the connection is cut while the statement is under way.
   * @returns what is to be called when the statement has its answer.
   * @throws UnitOfWorkClosedError when the transaction is over.
   */
  enter(onCut: (why: UnitOfWorkClosedError) => void): () => void {
    if (this.#isOver) throw new UnitOfWorkClosedError();
    this.#underWay.add(onCut);
    return () => void this.#underWay.delete(onCut);
  }

  /** The connection went back to the pool: whoever has it next is another. */
  reopen(): void {
    this.#isOver = false;
  }

  #end(): void {
    this.#isOver = true;
    if (this.#underWay.size === 0) return;
    this.#isCut = true;
    this.#cut();
    for (const onCut of this.#underWay) onCut(new UnitOfWorkClosedError());
  }
}
