import type { SchemaState } from './history.ts';

/**
 * What the script `migrate` does: applies the migrations as a job of its own, and prints which.
 *
 * @returns the exit code, 0.
 */
export async function runMigrations(migrate: () => Promise<SchemaState>): Promise<number> {
  const { applied, ahead } = await migrate();
  console.log(applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`);
  if (ahead.length > 0) console.log(`of a newer version of the service: ${ahead.join(', ')}`);
  return 0;
}
