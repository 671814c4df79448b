import fp from 'fastify-plugin';
import { answersIn } from 'service-chassis/relational';
import type { ServiceOptions } from '../service.ts';

/** Keeps answers in the database, in the same transaction as the change that they are about. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    app.decorate('idempotency', answersIn(app, app.database, config.idempotency));
  },
  { name: 'idempotency', dependencies: ['health', 'database'] },
);
