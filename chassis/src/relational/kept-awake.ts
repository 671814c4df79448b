import { sql } from 'kysely';
import type { Executor } from './dialect.ts';

/** How often a session that waits says something, in milliseconds. */
const signOfLifeMs = 2500;

/**
 * Runs work that makes a session wait for the bus. The server ends a session that falls silent, as that
 * of an instance that was stopped, so this one is not to be taken for it.
 *
 * @param silenceMs how long the server lets the session be silent; 0 is for ever.
 */
export async function keptAwake<T>(
  session: Executor,
  silenceMs: number,
  run: () => Promise<T>,
): Promise<T> {
  const pauseMs = silenceMs === 0 ? signOfLifeMs : Math.min(signOfLifeMs, silenceMs / 3);
  let saying: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // What is lost with the session is noticed by the next statement that matters.
    saying = sql`select 1`.execute(session).catch(() => undefined);
  }, pauseMs);
  try {
    return await run();
  } finally {
    clearInterval(timer);
    await saying;
  }
}
