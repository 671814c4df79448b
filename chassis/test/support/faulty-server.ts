import { onTestFinished } from 'vitest';
import { type Fault, type FaultyServer, startFaultyServer } from '../../src/testing/index.ts';

/** A faulty server that ends with the test. */
export async function startUpstream(...treatments: [Fault, ...Fault[]]): Promise<FaultyServer> {
  const upstream = await startFaultyServer(...treatments);
  onTestFinished(() => upstream.close());
  return upstream;
}
