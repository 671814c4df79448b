import type { FastifyInstance } from 'fastify';
import {
  type IdempotencyConfig,
  type KeptAnswers,
  type KeyedRequest,
  KeyInUseError,
  requireSame,
} from '../idempotency/index.ts';
import { kindOf, pruneHourly } from '../store/index.ts';
import type { RelationalDatabase } from './database.ts';
import type { Executor } from './dialect.ts';
import { answerTables } from './needed-tables.ts';
import { type AnswerTables, withChassisTables } from './tables.ts';

const hourMs = 3_600_000;

/** Keeps answers in the database, in the same transaction as the change that they are about. */
export function answersIn<Tables extends AnswerTables, Work>(
  app: FastifyInstance,
  database: RelationalDatabase<Tables, Work>,
  { retentionHours }: IdempotencyConfig,
): KeptAnswers<Work> {
  const kysely = withChassisTables(database.kysely);
  database.need(answerTables);
  pruneHourly(app, {
    ...{ name: 'idempotency', failure: 'old idempotency keys were not pruned' },
    prune: () => pruneKeys(kysely, retentionHours * hourMs),
  });
  async function replayed(request: KeyedRequest) {
    const kept = await findAnswer(kysely, request.key);
    if (kept !== undefined) requireSame(request, kept.fingerprint);
    return kept;
  }
  return {
    async once(request, change) {
      const before = await replayed(request);
      if (before !== undefined) return before.answer;
      try {
        return await database.inTransaction(async (transaction, work) => {
          const own = withChassisTables(transaction);
          await claimKey(own, request);
          const answer = await change(work);
          await keepAnswer(own, request.key, answer);
          return answer;
        });
      } catch (error) {
        // Where another had the key, claiming it waited for the end of that one, and then failed; or for too long.
        const meanwhile = await replayed(request);
        if (meanwhile === undefined) throw error;
        return meanwhile.answer;
      }
    },
  };
}

/**
 * Claims a key for the transaction. It waits while another has it, and rejects when that one commits.
 *
 * @throws KeyInUseError when the other has it for longer than a statement may take.
 */
async function claimKey(transaction: Executor, { key, fingerprint }: KeyedRequest): Promise<void> {
  const row = { id: key, fingerprint, answer: '', kept_at: Date.now() };
  try {
    await transaction.insertInto('idempotency_keys').values(row).execute();
  } catch (error) {
    const kind = kindOf(error);
    throw kind === 'statement-timeout' || kind === 'lock-timeout' ? new KeyInUseError() : error;
  }
}

/** Keeps the answer under the claimed key: from the commit on it is what everybody gets. */
async function keepAnswer(transaction: Executor, key: string, answer: unknown): Promise<void> {
  await transaction
    .updateTable('idempotency_keys')
    .set({ answer: JSON.stringify(answer) })
    .where('id', '=', key)
    .execute();
}

/** The answer that was kept under a key, and the fingerprint of the request that it answers. */
async function findAnswer(
  kysely: Executor,
  key: string,
): Promise<{ fingerprint: string; answer: unknown } | undefined> {
  const row = await kysely
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'answer'])
    .where('id', '=', key)
    .executeTakeFirst();
  return row && { fingerprint: row.fingerprint, answer: JSON.parse(row.answer) };
}

/** Forgets answers that are older. */
async function pruneKeys(kysely: Executor, milliseconds: number): Promise<void> {
  const oldest = Date.now() - milliseconds;
  await kysely.deleteFrom('idempotency_keys').where('kept_at', '<', oldest).execute();
}
