/**
 * Waits for work until it is given up: then this rejects at once with the signal's reason, whether or
 * not the work listens. Whoever calls this must see to it that the work can have no effect any more.
 */
export async function untilGivenUp<T>(
  signal: AbortSignal | undefined,
  run: () => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const givenUp = Promise.withResolvers<never>();
  const giveUp = (): void => givenUp.reject(signal?.reason);
  signal?.addEventListener('abort', giveUp, { once: true });
  try {
    return await Promise.race([run(), givenUp.promise]);
  } finally {
    signal?.removeEventListener('abort', giveUp);
  }
}
