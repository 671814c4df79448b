import type { FastifyInstance } from 'fastify';
import type { IdempotencyConfig } from './config.ts';
import { type KeptAnswers, requireSame, type Transactions } from './kept-answers.ts';

const hourMs = 3_600_000;

interface Kept {
  readonly fingerprint: string;
  readonly answer: Promise<unknown>;
  readonly since: number;
}

/** Keeps answers in memory: they are as lasting as what this process keeps, and no other knows them. */
export function answersInMemory<Work>(
  app: FastifyInstance,
  database: Transactions<Work>,
  { retentionHours }: IdempotencyConfig,
): KeptAnswers<Work> {
  const kept = new Map<string, Kept>();
  const timer = setInterval(() => {
    const oldest = Date.now() - retentionHours * hourMs;
    for (const [key, { since }] of kept) if (since < oldest) kept.delete(key);
  }, hourMs);
  app.addHook('onClose', async () => clearInterval(timer));
  return {
    async once(request, change) {
      const known = kept.get(request.key);
      if (known !== undefined) {
        requireSame(request, known.fingerprint);
        return known.answer;
      }
      const answer = database.transaction(change);
      kept.set(request.key, { fingerprint: request.fingerprint, answer, since: Date.now() });
      answer.catch(() => kept.delete(request.key));
      return answer;
    },
  };
}
