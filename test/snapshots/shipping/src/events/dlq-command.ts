import type { DeadLetterStore } from './bus/bus.ts';
import { type DeadLetter, deadLetters, drop, replay } from './dead-letter.ts';

const usage = `Usage: dlq COMMAND
  list            one line for each dead letter, oldest first
  show ID         all of one: reason, stack and the message as it came
  replay ID|all   have the service handle it again
  drop ID|all     forget it`;

/** Runs one command on the service's dead letters, and returns the exit code. */
export async function dlq(argv: readonly string[], store: DeadLetterStore): Promise<number> {
  const [command = 'list', id] = argv;
  const all = id === 'all' || id === '--all';
  if (command === 'list') return each(store, () => true, printLine);
  if (id === undefined || argv.length > 2) return misused();
  const chosen = (letter: DeadLetter): boolean => all || letter.id === id;
  let done: number;
  if (command === 'show') done = await each(store, chosen, printAll);
  else if (command === 'replay') done = await each(store, chosen, told('replayed', replay, store));
  else if (command === 'drop') done = await each(store, chosen, told('dropped', drop, store));
  else return misused();
  return done;
}

/** Exits with 1 when there was nothing to do it to. */
async function each(
  store: DeadLetterStore,
  chosen: (letter: DeadLetter) => boolean,
  act: (letter: DeadLetter) => void | Promise<void>,
): Promise<number> {
  const letters = await Array.fromAsync(deadLetters(store));
  const found = letters.filter(chosen);
  for (const letter of found) await act(letter);
  if (found.length > 0) return 0;
  console.error(letters.length === 0 ? 'There are no dead letters.' : 'There is none of that id.');
  return letters.length === 0 ? 0 : 1;
}

function told(
  what: string,
  act: (store: DeadLetterStore, letter: DeadLetter) => Promise<void>,
  store: DeadLetterStore,
): (letter: DeadLetter) => Promise<void> {
  return async (letter) => {
    await act(store, letter);
    console.log(`${what} ${letter.id}`);
  };
}

/** As JSON, so that nothing in it is obeyed by a terminal. */
function printLine({ id, time, data }: DeadLetter): void {
  const { original, attempts, reason } = data;
  console.log(`${id} ${time} ${original.topic} attempts=${attempts} ${JSON.stringify(reason)}`);
}

function printAll(letter: DeadLetter): void {
  console.log(JSON.stringify(letter, null, 2));
}

function misused(): number {
  console.error(usage);
  return 2;
}
