/** How many events are handled at once unless configured otherwise; each is a few commands. */
export const defaultConcurrency = 16;
