import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import { sharedState } from '../copies/index.ts';

/** What goes along from a request to all that is asked for it, so that it can be followed: header fields. */
export type Correlation = Readonly<Record<string, string>>;

const current: AsyncLocalStorage<Correlation> = sharedState(
  'correlation',
  (value) => value instanceof AsyncLocalStorage,
  () => new AsyncLocalStorage<Correlation>(),
);
const none: Correlation = {};

/** The correlation of the request that is being answered. */
export function correlation(): Correlation {
  return current.getStore() ?? none;
}

/** Answers a request under its correlation, which all that it awaits and calls can see. */
export function runCorrelated<T>(id: string, headers: IncomingHttpHeaders, run: () => T): T {
  const { traceparent, tracestate } = headers;
  // As they came; where there is a collector, the span of a call takes the place of these.
  const trace = typeof traceparent === 'string' ? { traceparent } : {};
  const state = typeof tracestate === 'string' ? { tracestate } : {};
  return current.run({ 'x-request-id': id, ...trace, ...state }, run);
}
