import type { Server } from 'node:http';
import fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import { health } from '../health/index.ts';
import {
  answers,
  Connections,
  type ErrorFormat,
  type Failure,
  type HttpConfig,
  type StatingError,
  serverOptions,
  statedFailure,
} from '../http/index.ts';
import {
  answerMetrics,
  answerMetricsOn,
  createLogger,
  type TelemetryConfig,
  telemetry,
} from '../telemetry/index.ts';
import './decorators.ts';

/** What every service is configured by. */
export interface CoreConfig {
  readonly http: HttpConfig;
  readonly telemetry: TelemetryConfig;
}

/** What a service says of itself beyond its configuration. */
export interface ServiceSettings {
  /** What an error means to the caller, where it does not say so itself (`statedFailure`). */
  readonly failureOf?: (error: StatingError) => Failure;
  /** In which form errors are answered, instead of problem details (RFC 9457). */
  readonly errorFormat?: ErrorFormat;
  /** Of the HTTP server, in place of the usual. */
  readonly server?: FastifyHttpOptions<Server>;
  /** Where `GET /metrics` is answered, if not on the port of the service. */
  readonly metricsPort?: number;
}

/**
 * A Fastify application that a platform can run: it answers probes and metrics, logs and traces what it is
 * asked, answers errors in one form (RFC 9457 unless told otherwise), keeps to its callers' deadlines, and ends with every
 * request answered. Its parts are decorators: `app.health` and `app.metrics`.
 *
 * @param name of the service, as its logs and traces show it.
 */
export async function createService(
  name: string,
  { http, telemetry: config }: CoreConfig,
  { failureOf = statedFailure, errorFormat, server = {}, metricsPort }: ServiceSettings = {},
): Promise<FastifyInstance> {
  const usual = serverOptions(http);
  const app = fastify({
    loggerInstance: createLogger(name, config),
    ...usual,
    ...server,
    http: { ...usual.http, ...server.http },
  });
  await app.register(answers, { failureOf, ...(errorFormat && { errorFormat }) });
  await app.register(telemetry, { name, config });
  await app.register(health, { stopTimeout: http.shutdownWork - http.shutdownDrain });
  endConnections(app);
  if (metricsPort === undefined) answerMetrics(app);
  else answerMetricsOn(app, metricsPort, http.host);
  return app;
}

/** Ends connections when the service stops: no client is reset that behaves, none keeps it from stopping. */
function endConnections(app: FastifyInstance): void {
  const connections = new Connections(app.server);
  app.health.shuttingDown.addEventListener('abort', () => connections.closeAfterAnswer());
  app.health.addStop('connections', (outOfTime) => connections.close(outOfTime));
}
