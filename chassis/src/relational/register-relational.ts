import type { FastifyInstance } from 'fastify';
import { RefusedWrites, registerDatabase } from '../store/index.ts';
import type { RelationalDatabase } from './database.ts';
import { checkSchema, migrate } from './migrations.ts';
import { requireTables } from './needed-tables.ts';
import { observer } from './observe.ts';
import { withChassisTables } from './tables.ts';

/** A database, and how a service starts with it. */
export interface RelationalOptions<Tables, Work> {
  /** Its connections are those of requests. */
  readonly database: RelationalDatabase<Tables, Work>;
  /** Other pools of the same database, by the name that metrics show, such as `events`. */
  readonly pools?: Readonly<Record<string, RelationalDatabase<Tables, Work>>>;
  /** The folder of migrations. */
  readonly migrations: string | URL;
}

/**
 * Connects once the service runs, applies migrations or checks that they are applied
 * (`DATABASE_MIGRATE`), and that the tables are there that the chassis needs; closes last of all. Shows
 * a check, and pools and statements in metrics.
 */
export function registerRelational<Tables, Work>(
  app: FastifyInstance,
  { database, pools = {}, migrations }: RelationalOptions<Tables, Work>,
): void {
  const refusedWrites = new RefusedWrites('disk-full');
  const observe = observer(app.metrics, app.log, refusedWrites);
  observe('requests', database);
  const prepare = async () => {
    const bring = database.config.migrate ? migrate : checkSchema;
    const state = await bring(database, migrations);
    await requireTables(withChassisTables(database.kysely), database.needed);
    return state;
  };
  registerDatabase(app, { database, prepare, refusedWrites });
  for (const [name, pool] of Object.entries(pools)) {
    observe(name, pool);
    app.health.addStart(`${name}-database`, () => pool.connect());
    app.addHook('onClose', () => pool.close());
  }
}
