import { httpConfig } from '../http/config.ts';
import { telemetryConfig } from '../telemetry/config.ts';

/** How every service reads what it is configured by. */
export const coreConfig = { http: httpConfig, telemetry: telemetryConfig };
