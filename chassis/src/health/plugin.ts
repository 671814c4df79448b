import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { Gauge } from 'prom-client';
import { type Check, type CheckResults, type NamedCheck, sharedChecks } from './checks.ts';
import { type Start, Starts } from './start.ts';
import { type Stop, Stops } from './stops.ts';

/** Whether requests should come here, and if not, why. */
export type Readiness =
  | { readonly ready: false; readonly reason: string }
  | { readonly ready: false; readonly waitingFor: readonly string[] }
  | { readonly ready: boolean; readonly checks: CheckResults };

/** Whether callers can be served without the part; if so, it is shown, and keeps nobody out. */
export interface PartOptions {
  readonly required: boolean;
}

/** What the parts tell the probes. */
export interface Health {
  /** Shows a check, and makes readiness depend on it if it is required, as it is unless said otherwise. */
  addCheck(name: string, check: Check, options?: PartOptions): void;
  /**
   * Runs a part's first connection beside the listening server, again and again until it works; those
   * that readiness waits for come first.
   */
  addStart(name: string, start: Start, options?: PartOptions): void;
  /**
   * Lets what a part has in flight come to its end, before any part is closed that it may need. All
   * parts do so at once; the signal aborts when their time is over.
   */
  addStop(name: string, stop: Stop): void;
  /** Turns readiness off for good. */
  markShuttingDown(): void;
  /** Whether it could ever be ready, so that there may have been requests. */
  readonly hasStarted: boolean;
  /** Throws, after the service was closed, when something was still in flight. */
  assertFinished(): void;
  /** Aborts when readiness is turned off for good. */
  readonly shuttingDown: AbortSignal;
  /** What the readiness probe says. */
  readiness(): Promise<Readiness>;
}

const always: PartOptions = { required: true };

export interface HealthOptions {
  /** Milliseconds in which what is in flight must come to its end when the service stops. */
  readonly stopTimeout: number;
}

/** The Kubernetes probes: liveness, readiness and startup. */
export const health = fp(
  async (app, { stopTimeout }: HealthOptions) => {
    const checks = new Map<string, NamedCheck>();
    const closing = new AbortController();
    const starts = new Starts(closing.signal, app.log);
    const shutdown = new AbortController();
    const stops = new Stops(stopTimeout, app.log);
    const runChecks = sharedChecks(checks, (name, { status, reason }) => {
      if (status === 'down') app.log.warn({ reason }, `${name} is down`);
      else app.log.info(`${name} is up again`);
    });
    let started = Promise.resolve();

    async function readiness(): Promise<Readiness> {
      if (shutdown.signal.aborted) return { ready: false, reason: 'shutting down' };
      const waitingFor = starts.pending('required');
      if (waitingFor.length > 0) return { ready: false, waitingFor };
      const results = await runChecks();
      const ready = Object.entries(results).every(
        ([name, { status }]) => status === 'up' || checks.get(name)?.required === false,
      );
      return { ready, checks: results };
    }

    app.decorate('health', {
      addCheck: (name, check, { required } = always) => {
        const isStarting = (): boolean => starts.pending('all').includes(name);
        checks.set(name, { check, required, isStarting });
      },
      addStart: (name, start, { required } = always) => starts.add(name, start, required),
      addStop: (name, stop) => stops.add(name, stop),
      markShuttingDown: () => shutdown.abort(),
      get hasStarted() {
        return starts.pending('required').length === 0;
      },
      assertFinished: () => stops.assertFinished(),
      shuttingDown: shutdown.signal,
      readiness,
    } satisfies Health);

    // Not awaited: the server listens, and liveness answers, while a dependency is still down. That a
    // part cannot start at all is for the process to hear, as an unhandled rejection.
    app.addHook('onReady', async () => {
      started = starts.run();
    });
    app.addHook('preClose', async () => {
      shutdown.abort();
      closing.abort();
      await stops.run(started.catch(() => undefined));
    });

    new Gauge({
      name: 'health_check_up',
      help: 'Whether a dependency can be used, 1 or 0, as the readiness probe shows it',
      labelNames: ['check'],
      registers: [app.metrics],
      async collect() {
        for (const [check, { status }] of Object.entries(await runChecks()))
          this.set({ check }, status === 'up' ? 1 : 0);
      },
    });

    const probe = {
      logLevel: 'warn',
      // What was true a moment ago is no answer.
      onRequest: async (_request: FastifyRequest, reply: FastifyReply) =>
        void reply.header('cache-control', 'no-store'),
    } as const;
    app.get('/health/live', probe, async () => ({ status: 'live' }));
    // 200 from the moment that the process listens: a migration may take an hour, and a dependency be
    // away, and being killed for that and started again would help nobody.
    app.get('/health/startup', probe, async () => {
      const waitingFor = starts.pending('all');
      return waitingFor.length === 0 ? { status: 'started' } : { status: 'starting', waitingFor };
    });
    app.get('/health/ready', probe, async (_request, reply) => {
      const { ready, ...details } = await readiness();
      return reply
        .code(ready ? 200 : 503)
        .send({ status: ready ? 'ready' : 'not_ready', ...details });
    });
  },
  { name: 'health', dependencies: ['telemetry'] },
);
