import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { requireSame } from 'service-chassis/idempotency';
import type { ServiceOptions } from '../service.ts';
import { claimKey, findAnswer, keepAnswer, pruneKeys } from './kept-answers.ts';

const hourMs = 3_600_000;

/** Keeps answers in the database, in the same transaction as the change that they are about. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const { database } = app;
    app.decorate('idempotency', {
      async once(request, change) {
        const replayed = async () => {
          const kept = await findAnswer(database.kysely, request.key);
          if (kept !== undefined) requireSame(request, kept.fingerprint);
          return kept;
        };
        const before = await replayed();
        if (before !== undefined) return before.answer;
        try {
          return await database.inTransaction(async (transaction, work) => {
            await claimKey(transaction, request);
            const answer = await change(work);
            await keepAnswer(transaction, request.key, answer);
            return answer;
          });
        } catch (error) {
          // Where another had the key, claiming it waited for the end of that one, and then failed; or for too long.
          const meanwhile = await replayed();
          if (meanwhile === undefined) throw error;
          return meanwhile.answer;
        }
      },
    } satisfies FastifyInstance['idempotency']);
    const prune = () => pruneKeys(database.kysely, config.idempotency.retentionHours * hourMs);
    const timer = setInterval(() => {
      prune().catch((error: unknown) =>
        app.log.warn({ err: error }, 'old idempotency keys were not pruned'),
      );
    }, hourMs);
    app.health.addStart('idempotency', prune);
    app.addHook('onClose', async () => clearInterval(timer));
  },
  { name: 'idempotency', dependencies: ['health', 'database'] },
);
