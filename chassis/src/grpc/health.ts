import { setTimeout as delay } from 'node:timers/promises';
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import type { Health as Readiness } from '../health/index.ts';
import { currentDeadline } from '../resilience/index.ts';
import { Health, HealthCheckResponse_ServingStatus } from './gen/grpc/health/v1/health_pb.ts';

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = HealthCheckResponse_ServingStatus;

/** Milliseconds between two looks at readiness for those who watch. */
const pause = 1000;

/**
 * The gRPC health checking protocol: every service of the router, and the empty name for all of them,
 * are as ready as the service is.
 *
 * @param closing aborts when those who watch must be let go.
 */
export function addHealth(router: ConnectRouter, health: Readiness, closing: AbortSignal): void {
  const known = new Set(['', Health.typeName]);
  for (const { service } of router.handlers) known.add(service.typeName);

  async function statusOf(service: string) {
    if (!known.has(service)) return SERVICE_UNKNOWN;
    return (await health.readiness()).ready ? SERVING : NOT_SERVING;
  }

  router.service(Health, {
    async check({ service }) {
      const status = await statusOf(service);
      if (status !== SERVICE_UNKNOWN) return { status };
      throw new ConnectError(`There is no service ${service}.`, Code.NotFound);
    },

    async *watch({ service }) {
      const over = AbortSignal.any([closing, currentDeadline()?.signal ?? closing]);
      let last: number | undefined;
      while (!over.aborted) {
        const status = await statusOf(service);
        if (status !== last) yield { status };
        last = status;
        // A shutdown is told at once, and nothing changes after it.
        const { shuttingDown } = health;
        const signal = shuttingDown.aborted ? over : AbortSignal.any([over, shuttingDown]);
        await delay(pause, undefined, { signal }).catch(() => undefined);
      }
      throw closing.aborted
        ? new ConnectError('The server is closing.', Code.Unavailable)
        : new ConnectError("The caller's deadline has passed.", Code.DeadlineExceeded);
    },
  });
}
