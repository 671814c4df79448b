import fs from 'node:fs';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import type { DeadLetterStore, Message, Outcome } from '../events/index.ts';

/**
 * Dead letters of the in-process bus as files, one each, so that the script `dlq` sees them from a
 * process of its own; what that one replays lies in a folder beside until the script `dev` takes it.
 */
export class DeadLetterFolder implements DeadLetterStore {
  readonly maxMessageBytes = Number.POSITIVE_INFINITY;
  readonly #letters: string;
  readonly #replays: string;
  #watcher: fs.FSWatcher | undefined;

  constructor(folder: string) {
    this.#letters = path.join(folder, 'dead-letters');
    this.#replays = path.join(folder, 'replays');
    for (const place of [this.#letters, this.#replays]) fs.mkdirSync(place, { recursive: true });
  }

  async keep(letter: Message): Promise<void> {
    write(this.#letters, letter.key, letter);
  }

  async *readDeadLetters(): AsyncGenerator<Message> {
    for (const file of filesIn(this.#letters)) yield readMessage(file);
  }

  async removeDeadLetter(_topic: string, key: string): Promise<void> {
    fs.rmSync(fileOf(this.#letters, key), { force: true });
  }

  /** Leaves messages for the process that watches. */
  async publish(messages: readonly Message[]): Promise<readonly Outcome[]> {
    for (const message of messages) write(this.#replays, uuidv7(), message);
    return messages.map(() => undefined);
  }

  /** Hands over what was left, and what will be. */
  watch(take: (message: Message) => Promise<void>): void {
    const takeAll = (): void => {
      for (const file of filesIn(this.#replays)) {
        const message = readMessage(file);
        fs.rmSync(file, { force: true });
        void take(message);
      }
    };
    takeAll();
    this.#watcher = fs.watch(this.#replays, takeAll).unref();
  }

  close(): void {
    this.#watcher?.close();
  }
}

function filesIn(folder: string): readonly string[] {
  const names = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => path.join(folder, name));
}

function fileOf(folder: string, key: string): string {
  return path.join(folder, `${path.basename(key)}.json`);
}

function readMessage(file: string): Message {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}

/** Under another name first: whoever reads the folder never meets half a file. */
function write(folder: string, key: string, message: Message): void {
  const file = fileOf(folder, key);
  fs.writeFileSync(`${file}.part`, JSON.stringify(message));
  fs.renameSync(`${file}.part`, file);
}
