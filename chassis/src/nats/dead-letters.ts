import type { Message } from '../events/index.ts';
import { messageFrom } from './message.ts';
import type { Session } from './session.ts';
import { letterSubject, lettersOf, streamOf } from './streams.ts';

/** What a topic of dead letters holds, oldest first; each is asked for when the one before was looked at. */
export async function* readLetters({ jsm }: Session, topic: string): AsyncGenerator<Message> {
  for (let seq = 1; ; ) {
    const next = { seq, next_by_subj: lettersOf(topic) };
    const letter = await jsm.streams.getMessage(streamOf(topic), next);
    if (letter === null) return;
    yield messageFrom(topic, { headers: letter.header, data: letter.data });
    seq = letter.seq + 1;
  }
}

/** Removes the letter of that key, if it is there. */
export async function removeLetter({ jsm }: Session, topic: string, key: string): Promise<void> {
  await jsm.streams.purge(streamOf(topic), { filter: letterSubject(topic, key) });
}
