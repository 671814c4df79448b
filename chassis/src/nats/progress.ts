import { JetStreamApiError } from '@nats-io/jetstream';
import { z } from 'zod';
import type { Session } from './session.ts';
import { progressSubject, progressTopicOf, streamOf } from './streams.ts';

/** What is written down of a partition: who reads it, and what the service has handled. */
const progressSchema = z.object({
  /** The instance that reads it, if one does. */
  owner: z.string().nullable(),
  /** When its stream was created: of another stream, this says nothing. */
  stream: z.string(),
  /** The sequence up to which every message is handled, and those beyond that are. */
  upTo: z.number(),
  beyond: z.array(z.number()),
});

export type Progress = z.infer<typeof progressSchema>;

/** JetStream's code for: somebody else has written since. */
const wrongLastSequence = 10_071;

/**
 * The progress of one partition as the server keeps it. It is written only over what was last seen of
 * it, so that of two that believe to be its owner one finds out.
 */
export class ProgressRecord {
  readonly #session: Session;
  readonly #subject: string;
  #revision = 0;

  constructor(session: Session, topic: string, partition: number) {
    this.#session = session;
    this.#subject = progressSubject(session, topic, partition);
  }

  /** Changes with whatever anybody writes. */
  get revision(): number {
    return this.#revision;
  }

  async read(): Promise<Progress | undefined> {
    const last = { last_by_subj: this.#subject };
    const { jsm, service } = this.#session;
    const found = await jsm.streams.getMessage(streamOf(progressTopicOf(service)), last);
    this.#revision = found?.seq ?? 0;
    return found === null ? undefined : progressSchema.parse(found.json());
  }

  /** Returns whether it was written; not when somebody else has written since. */
  async write(progress: Progress): Promise<boolean> {
    const expect = { lastSubjectSequence: this.#revision };
    try {
      const { js } = this.#session;
      const { seq } = await js.publish(this.#subject, JSON.stringify(progress), { expect });
      this.#revision = seq;
      return true;
    } catch (error) {
      if (error instanceof JetStreamApiError && error.code === wrongLastSequence) return false;
      throw error;
    }
  }
}
