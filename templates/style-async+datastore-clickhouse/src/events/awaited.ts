/** Whether a caller waits for the bus. It does: without an outbox, events go out before the answer. */
export const isBusAwaited: boolean = true;
