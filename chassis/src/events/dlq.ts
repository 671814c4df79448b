import type { DeadLetterStore } from './bus/bus.ts';
import { type DeadLetter, DeadLetters } from './dead-letters.ts';

const usage = `Usage: dlq COMMAND
  list            one line for each dead letter, oldest first
  show ID         all of one: reason, stack and the message as it came
  replay ID|all   have the service handle it again; with --stale also what is older
                  than what was handled of its aggregate since
  drop ID|all     forget it`;

/**
 * Runs one command on a service's dead letters, printing what it finds and does.
 *
 * @param argv what comes after the program's name.
 * @returns the exit code: 1 when there is no letter of that id, 2 for a command that there is not.
 */
export async function dlq(
  service: string,
  argv: readonly string[],
  store: DeadLetterStore,
): Promise<number> {
  const letters = new DeadLetters(service, store);
  const isStaleAllowed = argv.includes('--stale');
  const words = argv.filter((word) => word !== '--stale');
  const [command = 'list', id] = words;
  if (isStaleAllowed && command !== 'replay') return misused();
  const all = id === 'all' || id === '--all';
  if (command === 'list') return each(letters, () => true, printLine);
  if (id === undefined || words.length > 2) return misused();
  const isChosen = (letter: DeadLetter): boolean => all || letter.id === id;
  if (command === 'show') return each(letters, isChosen, printAll);
  if (command === 'replay')
    return each(letters, isChosen, async (letter) => {
      await letters.replay(letter, isStaleAllowed);
      console.log(`replayed ${letter.id}`);
    });
  if (command === 'drop')
    return each(letters, isChosen, async (letter) => {
      await letters.drop(letter);
      console.log(`dropped ${letter.id}`);
    });
  return misused();
}

async function each(
  letters: DeadLetters,
  isChosen: (letter: DeadLetter) => boolean,
  act: (letter: DeadLetter) => void | Promise<void>,
): Promise<number> {
  const all = await Array.fromAsync(letters.read());
  const chosen = all.filter(isChosen);
  for (const letter of chosen) await act(letter);
  if (chosen.length > 0) return 0;
  console.error(all.length === 0 ? 'There are no dead letters.' : 'There is none of that id.');
  return all.length === 0 ? 0 : 1;
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
