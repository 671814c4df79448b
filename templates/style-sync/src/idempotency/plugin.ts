import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { type Idempotency, requireSame } from './idempotency.ts';

const hourMs = 3_600_000;

interface Kept {
  readonly fingerprint: string;
  readonly answer: Promise<unknown>;
  readonly since: number;
}

/** Keeps answers in memory: they are as lasting as what this process keeps, and no other knows them. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const kept = new Map<string, Kept>();
    app.decorate('idempotency', {
      async once(request, change) {
        const known = kept.get(request.key);
        if (known !== undefined) {
          requireSame(request, known.fingerprint);
          return known.answer;
        }
        const answer = app.database.transaction(change);
        kept.set(request.key, { fingerprint: request.fingerprint, answer, since: Date.now() });
        answer.catch(() => kept.delete(request.key));
        return answer;
      },
    } satisfies Idempotency);
    const timer = setInterval(() => {
      const oldest = Date.now() - config.idempotency.retentionHours * hourMs;
      for (const [key, { since }] of kept) if (since < oldest) kept.delete(key);
    }, hourMs);
    app.addHook('onClose', async () => clearInterval(timer));
  },
  { name: 'idempotency', dependencies: ['database'] },
);
