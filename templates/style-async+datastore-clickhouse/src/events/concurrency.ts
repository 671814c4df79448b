/** How many events are handled at once unless configured otherwise: their rows make one insert. */
export const defaultConcurrency = 500;

/** For each of them so many are taken from the bus, so that none waits for its events. */
export const takenPerTurn = 16;
