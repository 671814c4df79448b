import fp from 'fastify-plugin';
import { answersInMemory } from 'service-chassis/idempotency';
import type { ServiceOptions } from '../service.ts';

/** Keeps the answers of requests with an `Idempotency-Key` in memory: no other process knows them. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    app.decorate('idempotency', answersInMemory(app, app.database, config.idempotency));
  },
  { name: 'idempotency', dependencies: ['database'] },
);
