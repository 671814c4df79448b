export {
  type DatabaseAddress,
  type DatabaseConfig,
  type DatabaseDefaults,
  databaseConfig,
} from './config.ts';
export { DatabaseError, endsConnection, kindOf } from './database-error.ts';
export { type FailureKind, isOutage, isTemporary } from './failure.ts';
export {
  compareHistory,
  type Difference,
  type NamedMigration,
  requireNonePending,
  type SchemaState,
} from './history.ts';
export { eventsInMemory, type InMemory, inMemory, inMemoryWithEvents } from './in-memory.ts';
export { type DatabaseMetrics, databaseMetrics } from './metrics.ts';
export { runMigrations } from './migrate-script.ts';
export { type Migration, readMigrations } from './migration-files.ts';
export { type Pruning, pruneHourly } from './prune.ts';
export { RefusedWrites } from './refused-writes.ts';
export { type DatabaseStart, type ManagedDatabase, registerDatabase } from './register-database.ts';
export { leavesTlsAlone, tlsInUrl, tlsVariables } from './tls.ts';
export {
  UnitOfWorkClosedError,
  UnitOfWorkGate,
  UnitOfWorkTimeoutError,
  type UnitOptions,
  withinLimit,
} from './unit-of-work.ts';
export { VersionConflictError } from './version-conflict.ts';
export { whoseFault } from './whose-fault.ts';
