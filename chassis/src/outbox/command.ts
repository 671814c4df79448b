import type { CloudEvent } from '../events/index.ts';
import type { OutboxStore, RefusedEvent } from './outbox-store.ts';

const usage = `Usage: outbox COMMAND
  list            one line for each event that the bus refused, oldest first
  show ID         the event and the reason
  retry ID|all    have it published after all, behind the events that wait
  drop ID|all     forget it; nobody will ever see it`;

/**
 * Runs one command on the events that the bus refused, printing what it finds and does.
 *
 * @param argv what comes after the program's name.
 * @returns the exit code: 1 when there is no event of that id, 2 for a command that there is not.
 */
export async function outbox(
  argv: readonly string[],
  store: Pick<OutboxStore, 'refused' | 'retry' | 'drop'>,
): Promise<number> {
  const [command = 'list', id] = argv;
  const acts: Readonly<Record<string, (event: RefusedEvent) => unknown>> = {
    list: printLine,
    show: (event) => console.log(JSON.stringify(event, null, 2)),
    retry: (event) => store.retry(event),
    drop: (event) => store.drop(event),
  };
  const act = acts[command];
  if (act === undefined || (command !== 'list' && id === undefined)) {
    console.error(usage);
    return 2;
  }
  const refused = await store.refused();
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
