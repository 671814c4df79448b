import { type TestParts, testPartsIn } from 'service-chassis/testing';

export type { TestPart } from 'service-chassis/testing';

/** Everything a service under test needs, fresh for each call: what the files `part-*.ts` beside this one give. */
export function testParts(): Promise<TestParts> {
  return testPartsIn(import.meta.dirname);
}
