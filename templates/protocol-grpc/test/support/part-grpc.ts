import type { TestPart } from './parts.ts';

/** Every service under test has a port of its own. */
export default async function part(): Promise<TestPart> {
  return { environment: { GRPC_PORT: '0' } };
}
