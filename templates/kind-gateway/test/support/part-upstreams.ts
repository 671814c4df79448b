import manifest from '../../service.json' with { type: 'json' };
import { variablesOf } from 'service-chassis/gateway';
import type { TestPart } from './parts.ts';

const calls: readonly string[] = manifest.calls;

/** Upstreams that are not there: a test that needs one gives its address. */
export default async function part(): Promise<TestPart> {
  const urls = calls.map((name) => [`${variablesOf(name)}_URL`, 'http://127.0.0.1:9']);
  return { environment: Object.fromEntries(urls) };
}
