import { onTestFinished } from 'vitest';
import { type FakeUpstream, type Responder, startFakeUpstream } from '../../src/testing/index.ts';

/** An upstream that ends with the test. */
export async function startUpstream(answer?: Responder): Promise<FakeUpstream> {
  const upstream = await startFakeUpstream(answer);
  onTestFinished(upstream.stop);
  return upstream;
}
