import type { TestPart } from './parts.ts';

/** Any port that is free. */
export default async function part(): Promise<TestPart> {
  return { environment: { METRICS_PORT: '0' } };
}
