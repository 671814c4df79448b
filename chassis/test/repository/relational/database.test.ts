import { expect, test } from 'vitest';
import { checkSchema, migrate } from '../../../src/relational/index.ts';
import { withChassisTables } from '../../../src/relational/tables.ts';
import { onEachServer, startOrders } from '../support/relational.ts';

onEachServer((server) => {
  test('instances that start together apply each migration once', async () => {
    const config = await server.database();
    const instances = Array.from({ length: 5 }, () => server.open(config));
    const states = await Promise.all(
      instances.map((database) => migrate(database, server.migrations)),
    );
    const names = states.flatMap(({ applied }) => applied);
    expect(names.toSorted()).toEqual(['0001-orders', '0002-chassis']);
  });

  test('a database that is behind the code is refused, and so is one with another history', async () => {
    const database = server.open(await server.database());
    const check = () => checkSchema(database, server.migrations);
    const history = withChassisTables(database.kysely);
    await expect(check()).rejects.toThrow('behind the code');
    await migrate(database, server.migrations);
    await check();
    await history
      .insertInto('schema_history')
      .values({ name: '0001-between', checksum: '' })
      .execute();
    await expect(migrate(database, server.migrations)).rejects.toThrow('another history');
    await history.deleteFrom('schema_history').where('name', '=', '0001-between').execute();
    await history.updateTable('schema_history').set({ checksum: 'other' }).execute();
    await expect(check()).rejects.toThrow('0001-orders was edited');
  });

  test('a database that a newer version of the service has added to is good enough', async () => {
    const config = await server.database();
    const database = server.open(config);
    await migrate(database, server.migrations);
    await withChassisTables(database.kysely)
      .insertInto('schema_history')
      .values({ name: '9999-later', checksum: '' })
      .execute();
    const outbox = database.kysely.schema.alterTable('outbox');
    await outbox.addColumn('priority', 'integer').execute();
    await outbox.addColumn('later', 'varchar(20)').execute();
    const ahead = { applied: [], ahead: ['9999-later'] };
    expect(await migrate(database, server.migrations)).toEqual(ahead);
    expect(await checkSchema(database, server.migrations)).toEqual(ahead);
    // All of it starts.
    await startOrders(server, { config });
  });

  test('when no connection is free in time the work is refused, and later it is done', async () => {
    const environment = { DATABASE_POOL_MAX: '1', DATABASE_CONNECT_TIMEOUT_MS: '100' };
    const { database } = await startOrders(server, { environment });
    const held = Promise.withResolvers<void>();
    const holder = database.transaction(() => held.promise);
    const work = () => database.transaction(({ orders }) => orders.insert('patient'));
    await expect(work()).rejects.toMatchObject({ kind: 'pool', statusCode: 503 });
    held.resolve();
    await holder;
    await work();
  });

  test('a slow statement is logged and measured, without its values', async () => {
    const environment = { DATABASE_SLOW_QUERY_MS: '1' };
    const { app, database, metrics } = await startOrders(server, { environment });
    const logged: unknown[] = [];
    app.log.warn = (...said: unknown[]) => void logged.push(said);
    const values = 'a-secret'.repeat(500_000);
    const rows = database.kysely.selectFrom('orders');
    await rows.select('id').where('reference', '=', values).execute();
    const said = JSON.stringify(logged);
    expect(said).toMatch(/select .* from .* where/);
    expect(said).not.toContain('a-secret');
    expect(await metrics()).toMatch(
      /database_query_duration_seconds_count\{operation="select"\} [1-9]/,
    );
  });

  test('without its database a service answers 503, and says when to ask again', async () => {
    const config = await server.database({ DATABASE_CONNECT_TIMEOUT_MS: '500' });
    const { app, database } = await startOrders(server, { config });
    const away = server.open({ ...config, url: server.away(config) });
    const failure = await away.connect().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ kind: 'connection', statusCode: 503 });
    database.ping = () => away.ping();
    expect((await app.inject('/health/live')).statusCode).toBe(200);
    await expect
      .poll(async () => (await app.inject('/health/ready')).json())
      .toMatchObject({ status: 'not_ready', checks: { database: { status: 'down' } } });
  });

  test('an address that speaks of TLS is refused, as it would overrule the variables', async () => {
    const { url } = await server.database();
    const spoken = { DATABASE_URL: `${url}?sslmode=disable`, DATABASE_TLS: 'true' };
    // In the address of a file nothing is said but its path.
    const refusal =
      server.kind === 'sqlite' ? /DATABASE_URL: .*parameters/ : /DATABASE_URL: .*DATABASE_TLS/;
    await expect(server.database(spoken)).rejects.toThrow(refusal);
  });

  test('a missing address is a start-up error that names the variable', async () => {
    await expect(server.database({ DATABASE_URL: '' })).rejects.toThrow('DATABASE_URL');
  });
});
