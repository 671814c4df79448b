import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { ServiceOptions } from '../service.ts';
import { type Check, type CheckResult, sharedChecks } from './checks.ts';
import { untilItWorks } from './start.ts';
import { type Stop, Stops } from './stops.ts';

/** Whether requests should come here, and if not, why. */
export type Readiness =
  | { readonly ready: false; readonly reason: string }
  | { readonly ready: false; readonly waitingFor: readonly string[] }
  | { readonly ready: boolean; readonly checks: Readonly<Record<string, CheckResult>> };

/** What the parts tell the probes. */
export interface Health {
  /** Makes readiness depend on a check. */
  addCheck(name: string, check: Check): void;
  /** Runs a part's first connection beside the listening server, again and again until it works. */
  addStart(name: string, start: (signal: AbortSignal) => Promise<void>): void;
  /**
   * Lets what a part has in flight come to its end, before any part is closed that it may need. All
   * parts do so at once; the signal aborts when their time is over.
   */
  addStop(name: string, stop: Stop): void;
  /** Turns readiness off for good. */
  markShuttingDown(): void;
  /** Whether every part has had its first connection, so that there may have been requests. */
  readonly hasStarted: boolean;
  /** Throws, after the service was closed, when something was still in flight. */
  assertFinished(): void;
  /** Aborts when readiness is turned off for good. */
  readonly shuttingDown: AbortSignal;
  /** What the readiness probe says. */
  readiness(): Promise<Readiness>;
}

declare module 'fastify' {
  interface FastifyInstance {
    readonly health: Health;
  }
}

/** The Kubernetes probes: liveness, readiness and startup. */
export default fp(
  async (app, { config }: ServiceOptions) => {
    const checks = new Map<string, Check>();
    const starts = new Map<string, (signal: AbortSignal) => Promise<void>>();
    const pending = new Set<string>();
    const closing = new AbortController();
    const shutdown = new AbortController();
    const stops = new Stops(config.http.shutdownWork, app.log);
    const runChecks = sharedChecks(checks);
    let started = Promise.resolve();

    /** One after the other, as their plugins depend on each other. */
    async function startAll(): Promise<void> {
      for (const [name, start] of starts) {
        await untilItWorks(name, start, closing.signal, app.log);
        if (closing.signal.aborted) return;
        pending.delete(name);
      }
    }

    async function readiness(): Promise<Readiness> {
      if (shutdown.signal.aborted) return { ready: false, reason: 'shutting down' };
      if (pending.size > 0) return { ready: false, waitingFor: [...pending] };
      const results = await runChecks();
      const ready = Object.values(results).every(({ status }) => status === 'up');
      return { ready, checks: results };
    }

    app.decorate('health', {
      addCheck: (name, check) => void checks.set(name, check),
      addStart: (name, start) => {
        starts.set(name, start);
        pending.add(name);
      },
      addStop: (name, stop) => stops.add(name, stop),
      markShuttingDown: () => shutdown.abort(),
      get hasStarted() {
        return pending.size === 0;
      },
      assertFinished: () => stops.assertFinished(),
      shuttingDown: shutdown.signal,
      readiness,
    } satisfies Health);

    // Not awaited: the server listens, and liveness answers, while a dependency is still down. That a
    // part cannot start at all is for the process to hear, as an unhandled rejection.
    app.addHook('onReady', async () => {
      started = startAll();
    });
    app.addHook('preClose', async () => {
      shutdown.abort();
      closing.abort();
      await stops.run(started.catch(() => undefined));
    });

    const probe = {
      logLevel: 'warn',
      // What was true a moment ago is no answer.
      onRequest: async (_request: FastifyRequest, reply: FastifyReply) =>
        void reply.header('cache-control', 'no-store'),
    } as const;
    app.get('/health/live', probe, async () => ({ status: 'live' }));
    app.get('/health/startup', probe, async (_request, reply) => {
      if (pending.size === 0) return { status: 'started' };
      return reply.code(503).send({ status: 'starting', waitingFor: [...pending] });
    });
    app.get('/health/ready', probe, async (_request, reply) => {
      const { ready, ...details } = await readiness();
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? 'ready' : 'not_ready', ...details });
    });
  },
  { name: 'health', dependencies: ['http'] },
);
