/** How many events are handled at once unless configured otherwise; each is a few commands. */
export const defaultConcurrency = 16;

/** For each of them so many are taken from the bus, so that none waits for its events. */
export const takenPerTurn = 16;
