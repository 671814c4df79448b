import { ConfigError, loadConfig } from '../config.ts';
import { Database } from './database.ts';
import { migrate } from './migrations.ts';

/** The script `migrate`: applies the migrations as a job of its own, and exits with 1 on failure. */
try {
  const { database: config } = await loadConfig(process.env);
  const database = new Database(config, (error) => console.error(error.message));
  try {
    const applied = await migrate(database.kysely);
    console.log(applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`);
  } finally {
    await database.close();
  }
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
