import { ConfigError, loadConfig } from '../config.ts';
import { Connection } from './connection.ts';
import { MigrationError } from './migration-history.ts';
import { migrate } from './migrations.ts';

/** The script `migrate`: applies the migrations as a job of its own, and exits with 1 on failure. */
try {
  const { database: config } = await loadConfig(process.env);
  const connection = new Connection(config, () => undefined);
  try {
    const applied = await migrate(connection, config.statementTimeout);
    console.log(applied.length === 0 ? 'nothing to apply' : `applied ${applied.join(', ')}`);
  } finally {
    await connection.close();
  }
} catch (error) {
  const isPlain = error instanceof ConfigError || error instanceof MigrationError;
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}
