import { deliveryChecks } from './delivery.ts';
import { orderChecks } from './order.ts';
import { sharingChecks } from './sharing.ts';
import type { BusCheck } from './trial.ts';

export type { BusCheck, OpenBus } from './trial.ts';

/**
 * What the port `EventBus` of `service-chassis/events` promises, as far as one process can find out: each
 * is a test of a bus of one's own. What it takes to kill a process, or a broker, is not among them.
 */
export const busChecks: readonly BusCheck[] = [...deliveryChecks, ...orderChecks, ...sharingChecks];
