import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

export interface MetricsConfig {
  readonly port: number;
}

declare module '../config.ts' {
  interface Config {
    readonly metrics: MetricsConfig;
  }
}

export default {
  key: 'metrics',
  schema: z
    .object({ METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(9464) })
    .transform(({ METRICS_PORT }): MetricsConfig => ({ port: METRICS_PORT })),
} satisfies ConfigPart;
