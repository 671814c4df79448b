import { InProcessBus } from 'service-chassis/development';
import { addressVariable, placeholderAddress } from '../../development/bus-address.ts';
import type { TestPart } from './parts.ts';

/** A bus of its own for each test, and no long pauses before a handler is tried again. */
export default async function part(): Promise<TestPart> {
  return {
    environment: { EVENTS_RETRY_PAUSE_MS: '10' },
    standIn: {
      environment: { [addressVariable]: placeholderAddress },
      options: { bus: new InProcessBus() },
    },
  };
}
