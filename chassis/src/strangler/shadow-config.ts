import type { UpstreamConfig } from '../gateway/index.ts';
import type { ShadowLimits } from './config.ts';

/**
 * The new side once more, for shadows: with places and a circuit of its own, so that they neither take
 * a place from a caller nor close the way to one; asked once, and without waiting for a place.
 */
export function shadowConfig(
  { name, policy, ...where }: UpstreamConfig,
  { concurrency, timeout }: ShadowLimits,
): UpstreamConfig {
  return {
    ...where,
    name: `${name}-shadow`,
    policy: {
      ...policy,
      attempts: 1,
      attemptTimeout: timeout,
      totalTimeout: timeout,
      running: concurrency,
      waiting: 0,
    },
  };
}
