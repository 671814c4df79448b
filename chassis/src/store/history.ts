import { CannotStartError } from '../health/index.ts';

/** A migration by its name, and the checksum of its file. */
export interface NamedMigration {
  readonly name: string;
  readonly checksum: string;
}

/** What the database and the code have that the other has not. */
export interface Difference<Migration> {
  /** The code's migrations that are yet to be applied. */
  readonly pending: readonly Migration[];
  /** Names of those that a newer version of the service applied after all of the code's. */
  readonly ahead: readonly string[];
}

/** What was done to the schema, and what it has that the code does not know. */
export interface SchemaState {
  readonly applied: readonly string[];
  readonly ahead: readonly string[];
}

/**
 * Compares the code's migrations with those that were applied, both in the order of their names. A
 * newer version may have added to the schema: the code goes on with that, so that a deployment can be
 * rolled back.
 *
 * @throws CannotStartError when one was edited, or is missing in between.
 */
export function compareHistory<Migration extends NamedMigration>(
  known: readonly Migration[],
  applied: readonly NamedMigration[],
): Difference<Migration> {
  for (const [index, migration] of known.slice(0, applied.length).entries()) {
    const found = applied[index];
    if (found?.name === migration.name && found.checksum === migration.checksum) continue;
    throw new CannotStartError(faultOf(migration, found?.name ?? '', known));
  }
  return {
    pending: known.slice(applied.length),
    ahead: applied.slice(known.length).map(({ name }) => name),
  };
}

/** @throws CannotStartError when the database is behind the code. */
export function requireNonePending(pending: readonly NamedMigration[]): void {
  if (pending.length === 0) return;
  const names = pending.map(({ name }) => name).join(', ');
  throw new CannotStartError(
    `The database is behind the code; run the script migrate for ${names}.`,
  );
}

function faultOf(
  { name }: NamedMigration,
  found: string,
  known: readonly NamedMigration[],
): string {
  if (found === name) return `The migration ${name} was edited after it had been applied.`;
  if (known.some((one) => one.name === found) || found > name)
    return `The migration ${name} would come before ${found}, which was applied already.`;
  return `The database has another history than the code: it has had ${found} before ${name}.`;
}
