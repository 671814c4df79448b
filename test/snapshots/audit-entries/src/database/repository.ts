import type { AuditEntry } from '../domain/audit-entry.ts';
import { UnitOfWorkGate } from './giving-up.ts';
import { VersionConflictError } from './version-conflict.ts';

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after: string | undefined;
}

/** Keeps aggregates in memory, for as long as the process lives. */
export class Repository {
  readonly #kept: Map<string, AuditEntry>;
  readonly #gate: UnitOfWorkGate;

  /** @param shared whose aggregates these are as well. */
  constructor(shared?: Repository, gate = new UnitOfWorkGate()) {
    this.#kept = shared === undefined ? new Map() : shared.#kept;
    this.#gate = gate;
  }

  /** The same aggregates, which a unit of work can change until its gate is closed. */
  behind(gate: UnitOfWorkGate): Repository {
    return new Repository(this, gate);
  }

  async insert(created: AuditEntry): Promise<void> {
    this.#gate.requireOpen();
    this.#kept.set(created.id, created);
  }

  async find(id: string): Promise<AuditEntry | undefined> {
    return this.#kept.get(id);
  }

  /** A page in the order of creation, which is the order of ids, starting after the given one. */
  async list(page: PageRequest): Promise<AuditEntry[]> {
    const { limit, after = '' } = page;
    return [...this.#kept.values()].filter(({ id }) => id > after).slice(0, limit);
  }

  /** @throws VersionConflictError unless the one that is kept is the version before. */
  async update(changed: AuditEntry): Promise<void> {
    this.#expect(changed.id, changed.version - 1);
    this.#kept.set(changed.id, changed);
  }

  /** @throws VersionConflictError unless the one that is kept is that version. */
  async delete(id: string, version: number): Promise<void> {
    this.#expect(id, version);
    this.#kept.delete(id);
  }

  #expect(id: string, version: number): void {
    this.#gate.requireOpen();
    if (this.#kept.get(id)?.version !== version) throw new VersionConflictError(id);
  }
}
