export type { TelemetryConfig } from './config.ts';
export { telemetryConfig } from './config.ts';
export { type Correlation, correlation, runCorrelated } from './correlation.ts';
export { createLogger } from './logger.ts';
export { answerMetrics, answerMetricsOn } from './metrics.ts';
export { telemetry } from './plugin.ts';
