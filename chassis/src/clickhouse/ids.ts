import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/**
 * Makes ids, UUIDs of version 7. Work that follows from an event (`causeOf`) gets the same ones in the
 * same order each time, with the event's time in them; other work gets new ones.
 *
 * @param purpose keeps the ids of aggregates apart from those of events.
 */
export function idsOf(cause: string, purpose: 'aggregate' | 'event'): () => string {
  if (cause === '') return () => uuidv7();
  let count = 0;
  return () => {
    count += 1;
    const random = createHash('sha256').update(`${cause} ${purpose} ${count}`).digest();
    return uuidv7({ msecs: timeIn(cause), random });
  };
}

/** What names an event among all events, and begins with the milliseconds of its time. */
export function causeOf(event: { time?: string | undefined; source: string; id: string }): string {
  const time = event.time === undefined ? 0 : Date.parse(event.time);
  return `${time} ${event.source} ${event.id}`;
}

function timeIn(cause: string): number {
  return Math.max(0, Number.parseInt(cause, 10));
}
