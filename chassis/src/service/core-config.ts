import { httpConfig } from '../http/index.ts';
import { telemetryConfig } from '../telemetry/index.ts';

/** How every service reads what it is configured by. */
export const coreConfig = { http: httpConfig, telemetry: telemetryConfig };
