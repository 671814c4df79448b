import { ConfigError, readPart } from 'service-chassis/config';
import type { CloudEvent } from 'service-chassis/events';
import part from '../database/config.ts';
import { Database } from '../database/database.ts';
import { dropRefused, refusedEvents, retryRefused } from './refused.ts';
import type { RefusedEvent } from './waiting-event.ts';

const usage = `Usage: outbox COMMAND
  list            one line for each event that the bus refused, oldest first
  show ID         the event and the reason
  retry ID|all    have it published after all, behind the events that wait
  drop ID|all     forget it; nobody will ever see it`;

/** The script `outbox`: looks at the events that the bus refused. */
async function run(database: Database, [command = 'list', id]: readonly string[]): Promise<number> {
  const refused = await refusedEvents(database);
  const acts: Readonly<Record<string, (event: RefusedEvent) => unknown>> = {
    list: printLine,
    show: (event) => console.log(JSON.stringify(event, null, 2)),
    retry: (event) => retryRefused(database, event),
    drop: (event) => dropRefused(database, event),
  };
  const act = acts[command];
  if (act === undefined || (command !== 'list' && id === undefined)) {
    console.error(usage);
    return 2;
  }
  const chosen = refused.filter(
    (event) => command === 'list' || id === 'all' || idOf(event) === id,
  );
  for (const event of chosen) {
    await act(event);
    if (command === 'retry' || command === 'drop') console.log(`${command} ${idOf(event)}`);
  }
  if (chosen.length > 0) return 0;
  console.error(refused.length === 0 ? 'No event was refused.' : 'There is none of that id.');
  return refused.length === 0 ? 0 : 1;
}

function eventOf({ text }: RefusedEvent): CloudEvent {
  return JSON.parse(text);
}

function idOf(refused: RefusedEvent): string {
  return eventOf(refused).id;
}

/** As JSON, so that nothing in it is obeyed by a terminal. */
function printLine(refused: RefusedEvent): void {
  const { id, type, subject } = eventOf(refused);
  const { refusedAt, reason } = refused;
  console.log(JSON.stringify({ id, type, subject, refusedAt, reason }));
}

try {
  const database = new Database(readPart(part, process.env));
  process.exitCode = await run(database, process.argv.slice(2)).finally(() => database.close());
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}
