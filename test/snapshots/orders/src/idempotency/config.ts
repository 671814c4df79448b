import { idempotencyConfig, type KeptAnswers } from 'service-chassis/idempotency';
import type { UnitOfWork } from '../database/unit-of-work.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Where the answers of requests with an `Idempotency-Key` are kept. */
    readonly idempotency: KeptAnswers<UnitOfWork>;
  }
}

/** Reads `IDEMPOTENCY_RETENTION_HOURS`. */
export default idempotencyConfig;
