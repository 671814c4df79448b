import { addressVariable, placeholderAddress } from '../../development/bus-address.ts';
import { InProcessBus } from '../../development/in-process-bus.ts';
import type { TestPart } from './parts.ts';

/** A bus of its own for each test. */
export default async function part(): Promise<TestPart> {
  return {
    standIn: {
      environment: { [addressVariable]: placeholderAddress },
      options: { bus: new InProcessBus() },
    },
  };
}
