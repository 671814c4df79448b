import { z } from 'zod';

/** Logs and traces. */
export interface TelemetryConfig {
  readonly logLevel: string;
  readonly pretty: boolean;
  /** Traces are made only when there is a collector to send them to. */
  readonly collector: string | undefined;
}

/** Reads `LOG_LEVEL`, `LOG_FORMAT` and `OTEL_EXPORTER_OTLP_ENDPOINT`. */
export const telemetryConfig = {
  schema: z
    .object({
      LOG_LEVEL: z
        .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
        .default('info'),
      LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
      OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
    })
    .transform(
      (environment): TelemetryConfig => ({
        logLevel: environment.LOG_LEVEL,
        pretty: environment.LOG_FORMAT === 'pretty',
        collector: environment.OTEL_EXPORTER_OTLP_ENDPOINT,
      }),
    ),
};
