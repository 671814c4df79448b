/** A file of `migrations/`. */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
  /** Of the statements, as they were when the migration was applied. */
  readonly checksum: string;
}

export type AppliedMigration = Pick<Migration, 'name' | 'checksum'>;

/** The database is not what the files of this version of the service lead to. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Sees to it that what was applied are the first of the files, unchanged.
 *
 * @throws MigrationError naming the migration that was edited, is unknown here, or came too late.
 */
export function checkHistory(
  history: readonly AppliedMigration[],
  migrations: readonly Migration[],
): void {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum } of history) {
    const file = files.get(name);
    if (file === undefined)
      throw new MigrationError(
        `The database is ahead: it has the migration ${name}, which this version does not know.`,
      );
    if (file.checksum !== checksum)
      throw new MigrationError(`The migration ${name} was edited after it was applied.`);
  }
  const last = history.at(-1)?.name ?? '';
  const applied = new Set(history.map(({ name }) => name));
  const late = migrations.find(({ name }) => name < last && !applied.has(name));
  if (late !== undefined)
    throw new MigrationError(
      `The migration ${late.name} comes before ${last}, which is applied already: give it a later name.`,
    );
}
