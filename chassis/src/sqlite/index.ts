import { type DatabaseDefaults, databaseConfig } from '../store/index.ts';
import { addressSchema } from './address.ts';

export { BackupError, backUp } from './backup.ts';
export { type SqliteOptions, sqlite } from './database.ts';
export { sqliteFile } from './stand-in.ts';

/** Returns what reads where the file is and how it is used from `DATABASE_*`. */
export function sqliteConfig(defaults: Partial<DatabaseDefaults> = {}) {
  return databaseConfig(addressSchema, defaults);
}
