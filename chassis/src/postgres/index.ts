import { type DatabaseDefaults, databaseConfig } from '../store/index.ts';
import { addressSchema } from './address.ts';

export { type PostgresOptions, postgres } from './database.ts';

/** Returns what reads where the PostgreSQL is and how it is used from `DATABASE_*`. */
export function postgresConfig(defaults: Partial<DatabaseDefaults> = {}) {
  return databaseConfig(addressSchema, defaults);
}
