/** How many events are handled at once unless configured otherwise: each has a connection of its own. */
export const defaultConcurrency = 8;

/** For each of them so many are taken from the bus, so that those that share a transaction are many. */
export const takenPerTurn = 32;
