/** How many events are handled at once unless configured otherwise. */
export const defaultConcurrency = 16;
