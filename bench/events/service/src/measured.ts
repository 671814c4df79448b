/** When each event was handled and how long after it was written, in milliseconds of this process. */
export const handled: { readonly at: number; readonly latency: number }[] = [];
