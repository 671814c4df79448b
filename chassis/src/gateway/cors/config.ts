import { z } from 'zod';

/** Web pages that may read answers. */
export interface CorsConfig {
  /** Origins such as `https://shop.example`; `*` is any. None: pages of the same origin only. */
  readonly origins: readonly string[];
}

export const corsSchema = z
  .object({
    CORS_ORIGINS: z
      .string()
      .default('')
      .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
      .refine(
        (entries) => entries.every(isOrigin),
        'must be origins such as https://shop.example, or *',
      ),
  })
  .transform(({ CORS_ORIGINS }): CorsConfig => ({ origins: CORS_ORIGINS }));

function isOrigin(text: string): boolean {
  return text === '*' || (/^https?:/.test(text) && URL.parse(text)?.origin === text);
}
