import fp from 'fastify-plugin';
import { type Check, sharedChecks } from './checks.ts';
import { untilItWorks } from './start.ts';

/** What the parts tell the probes. */
export interface Health {
  /** Makes readiness depend on a check. */
  addCheck(name: string, check: Check): void;
  /** Runs a part's first connection beside the listening server, again and again until it works. */
  addStart(name: string, start: (signal: AbortSignal) => Promise<void>): void;
  /** Turns readiness off for good. */
  markShuttingDown(): void;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly health: Health;
  }
}

/** The Kubernetes probes: liveness, readiness and startup. */
export default fp(
  async (app) => {
    const checks = new Map<string, Check>();
    const starts = new Map<string, (signal: AbortSignal) => Promise<void>>();
    const pending = new Set<string>();
    const closing = new AbortController();
    const runChecks = sharedChecks(checks);
    let started = Promise.resolve();
    let shuttingDown = false;

    /** One after the other, as their plugins depend on each other. */
    async function startAll(): Promise<void> {
      for (const [name, start] of starts) {
        await untilItWorks(name, start, closing.signal, app.log);
        if (closing.signal.aborted) return;
        pending.delete(name);
      }
    }

    app.decorate('health', {
      addCheck: (name, check) => void checks.set(name, check),
      addStart: (name, start) => {
        starts.set(name, start);
        pending.add(name);
      },
      markShuttingDown: () => {
        shuttingDown = true;
      },
    } satisfies Health);

    // Not awaited: the server listens, and liveness answers, while a dependency is still down. That a
    // part cannot start at all is for the process to hear, as an unhandled rejection.
    app.addHook('onReady', async () => {
      started = startAll();
    });
    app.addHook('preClose', async () => {
      shuttingDown = true;
      closing.abort();
      await started.catch(() => undefined);
    });

    const quiet = { logLevel: 'warn' } as const;
    app.get('/health/live', quiet, async () => ({ status: 'live' }));
    app.get('/health/startup', quiet, async (_request, reply) => {
      if (pending.size === 0) return { status: 'started' };
      return reply.code(503).send({ status: 'starting', waitingFor: [...pending] });
    });
    app.get('/health/ready', quiet, async (_request, reply) => {
      if (shuttingDown)
        return reply.code(503).send({ status: 'not_ready', reason: 'shutting down' });
      if (pending.size > 0) {
        return reply.code(503).send({ status: 'not_ready', waitingFor: [...pending] });
      }
      const results = await runChecks();
      const ready = Object.values(results).every(({ status }) => status === 'up');
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? 'ready' : 'not_ready', checks: results });
    });
  },
  { name: 'health', dependencies: ['http'] },
);
