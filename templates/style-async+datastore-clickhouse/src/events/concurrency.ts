/** How many events are handled at once unless configured otherwise: their rows make one insert. */
export const defaultConcurrency = 500;
