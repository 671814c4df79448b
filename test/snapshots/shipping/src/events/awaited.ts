/** Whether a caller waits for the bus. It does not: events wait for it, in the outbox. */
export const isBusAwaited: boolean = false;
