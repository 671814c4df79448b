import { type DatabaseDefaults, databaseConfig } from '../store/index.ts';
import { addressSchema } from './address.ts';

export { type MysqlOptions, mysql } from './database.ts';

/** Returns what reads where the MySQL or MariaDB is and how it is used from `DATABASE_*`. */
export function mysqlConfig(defaults: Partial<DatabaseDefaults> = {}) {
  return databaseConfig(addressSchema, defaults);
}
