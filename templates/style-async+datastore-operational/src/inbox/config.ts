import { z } from 'zod';
import type { ConfigPart } from '../config.ts';

/** How long the service remembers which events it has handled. */
export interface InboxConfig {
  readonly retentionHours: number;
}

declare module '../config.ts' {
  interface Config {
    readonly inbox: InboxConfig;
  }
}

export default {
  key: 'inbox',
  schema: z
    .object({
      INBOX_RETENTION_HOURS: z.coerce.number().int().min(1).max(87_600).default(336),
    })
    .transform(
      (environment): InboxConfig => ({ retentionHours: environment.INBOX_RETENTION_HOURS }),
    ),
} satisfies ConfigPart;
