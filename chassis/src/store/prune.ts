import type { FastifyInstance } from 'fastify';
import type { PartOptions } from '../health/index.ts';

const hourMs = 3_600_000;

/** What is forgotten once it is old. */
export interface Pruning extends Partial<PartOptions> {
  /** Of the part, as the startup probe shows it. */
  readonly name: string;
  prune(): Promise<void>;
  /** The line that is logged when it fails. */
  readonly failure: string;
}

/** Forgets what is old when the service starts, and every hour. */
export function pruneHourly(app: FastifyInstance, pruning: Pruning): void {
  const { name, failure, required = true } = pruning;
  const prune = (): Promise<void> => pruning.prune();
  const timer = setInterval(() => {
    prune().catch((error: unknown) => app.log.warn({ err: error }, failure));
  }, hourMs);
  app.health.addStart(name, prune, { required });
  app.addHook('onClose', async () => clearInterval(timer));
}
