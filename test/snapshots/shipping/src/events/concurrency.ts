/** How many events are handled at once unless configured otherwise: each has a connection meanwhile. */
export const defaultConcurrency = 16;
