import type { CloudEvent } from '../events/index.ts';
import type { Connection } from './connection.ts';

const table = 'event_attempts';
/** Takes back what was noted before it. */
const forgotten = -1;

/** How often events were handled alone over which a process may have ended. */
export class Attempts {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** How often an event was noted to be handled alone; nothing when it was not noted at all. */
  async of({ source, id }: CloudEvent): Promise<number | undefined> {
    const [last] = await this.#connection.select<{ attempts: number }>(
      `select attempts from ${table} where source = {source:String} and event_id = {id:String}
        order by noted_at desc limit 1`,
      { source, id },
    );
    return last?.attempts === forgotten ? undefined : last?.attempts;
  }

  async note({ source, id }: CloudEvent, attempts: number): Promise<void> {
    await this.#connection.insert(table, [{ source, event_id: id, attempts }]);
  }

  /** An event that was dealt with hardly comes again, so its rows wait for their time to live. */
  async forget(event: CloudEvent): Promise<void> {
    await this.note(event, forgotten);
  }
}
