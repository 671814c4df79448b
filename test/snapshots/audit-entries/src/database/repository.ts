import { UnitOfWorkGate, VersionConflictError } from 'service-chassis/store';
import type { AuditEntry } from '../domain/audit-entry.ts';

/** Which part of a list: at most so many, after that id. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Aggregates by their ids. */
type Kept = Map<string, AuditEntry>;

/** Keeps aggregates in memory, for as long as the process lives. */
export class AuditEntryRepository {
  readonly #kept: Kept;
  readonly #gate: UnitOfWorkGate;

  constructor(kept: Kept = new Map(), gate = new UnitOfWorkGate()) {
    this.#kept = kept;
    this.#gate = gate;
  }

  /** The same aggregates, which a unit of work can change until its gate is closed. */
  behind(gate: UnitOfWorkGate): AuditEntryRepository {
    return new AuditEntryRepository(this.#kept, gate);
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
