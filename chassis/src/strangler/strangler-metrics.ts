import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Rules, Side } from './rules.ts';

/** How a request ended, as its caller saw it: 2xx and 3xx, 4xx, 5xx, or with a broken connection. */
export type Outcome = 'success' | 'refused' | 'failure' | 'aborted';

/** What became of a read that was to be shadowed. */
export type ShadowResult =
  | 'match'
  | 'difference'
  | 'skipped_busy'
  | 'skipped_unavailable'
  | 'skipped_conditional'
  | 'skipped_too_large'
  | 'skipped_encoding'
  | 'skipped_aborted'
  | 'skipped_old_failed'
  | 'failed';

/** What the strangler shows of itself, by route. */
export function stranglerMetrics(registry: Registry) {
  const registers = [registry];
  const requests = new Counter({
    name: 'strangler_requests_total',
    help: 'Requests by the side that answered them and how they ended',
    labelNames: ['route', 'side', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'strangler_request_duration_seconds',
    help: 'Time to the end of the answer, by the side that gave it',
    labelNames: ['route', 'side'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const fallbacks = new Counter({
    name: 'strangler_fallbacks_total',
    help: 'Requests that the old side answered for the new one, and why',
    labelNames: ['route', 'reason'],
    registers,
  });
  const shadows = new Counter({
    name: 'strangler_shadows_total',
    help: 'Reads of the old side that the new one was asked too, and what came of it',
    labelNames: ['route', 'result'],
    registers,
  });
  const rulesRead = new Counter({
    name: 'strangler_rules_total',
    help: 'Versions of the rules file that were accepted, and refused',
    labelNames: ['result'],
    registers,
  });
  const rulesValid = new Gauge({
    name: 'strangler_rules_valid',
    help: '1 when the rules file as it is now is in force, 0 when an earlier one is, or none',
    registers,
  });
  const percentage = new Gauge({
    name: 'strangler_percentage',
    help: 'Part of the callers that goes to the new side',
    labelNames: ['route'],
    registers,
  });
  return {
    answered(route: string, side: Side, outcome: Outcome, seconds: number): void {
      requests.inc({ route, side, outcome });
      duration.observe({ route, side }, seconds);
    },
    fellBack(route: string, reason: string): void {
      fallbacks.inc({ route, reason });
    },
    shadowed(route: string, result: ShadowResult): void {
      shadows.inc({ route, result });
    },
    rulesRead(result: 'accepted' | 'refused', rules: Rules): void {
      rulesRead.inc({ result });
      rulesValid.set(result === 'accepted' ? 1 : 0);
      percentage.reset();
      for (const [route, rule] of rules) percentage.set({ route }, rule.percentage);
    },
  };
}

export type StranglerMetrics = ReturnType<typeof stranglerMetrics>;
