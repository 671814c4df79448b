import { randomUUID } from 'node:crypto';
import { entityTagOf } from 'service-chassis/api';
import {
  type ClientTools,
  HttpClient,
  UpstreamError,
  unlessNotFound,
} from 'service-chassis/clients';
import {
  __aggregate__PageSchema,
  __aggregate__ViewSchema,
  type __Aggregate__View,
} from '../../src/api/schemas.ts';
import type { __Aggregate__Changes } from '../../src/domain/__aggregate_kebab__.ts';

const collection = '/__service__';

/** Calls this service as another would, within a policy: for tests and the script `smoke`. */
export class __Aggregate__Client {
  readonly #http: HttpClient;

  /** @param origin where the service listens, such as `http://__service__`. */
  constructor(origin: string, tools: ClientTools) {
    this.#http = new HttpClient('__service__', origin, tools);
  }

  /**
   * Creates exactly one __aggregate_words__, however often the request has to be sent.
   *
   * @param key a caller that repeats this call after a failure of its own gives the same key again.
   */
  async create__Aggregate__(
    reference: string,
    key: string = randomUUID(),
  ): Promise<__Aggregate__View> {
    const headers = { 'idempotency-key': key };
    const answer = await this.#http.request('POST', collection, { body: { reference }, headers });
    return __aggregate__ViewSchema.parse(answer);
  }

  /** Returns the __aggregate_words__ with this id, or `undefined` when there is none. */
  async get__Aggregate__(id: string): Promise<__Aggregate__View | undefined> {
    const answer = await unlessNotFound(this.#http.request('GET', pathOf(id)));
    return __aggregate__ViewSchema.optional().parse(answer);
  }

  /** Yields all __aggregates_words__, oldest first; asks for the next page when the caller gets to it. */
  async *list__Aggregates__(): AsyncGenerator<__Aggregate__View> {
    let after: string | null = '';
    while (after !== null) {
      const query: string = after === '' ? '' : `&after=${after}`;
      const answer = await this.#http.request('GET', `${collection}?limit=100${query}`);
      const page = __aggregate__PageSchema.parse(answer);
      yield* page.items;
      after = page.next;
    }
  }

  /**
   * Changes the __aggregate_words__, if it is still at the version that the caller has read. What
   * `changes` leaves out stays as it is.
   *
   * When the answer to a first request is lost, the repeated request finds its own change: the method
   * then returns that, as the first answer would have.
   *
   * @throws UpstreamError with status 412 or 409 after another change: read the __aggregate_words__ again.
   */
  async update__Aggregate__(
    known: __Aggregate__View,
    changes: Partial<__Aggregate__Changes>,
  ): Promise<__Aggregate__View> {
    const { reference, status } = { ...known, ...changes };
    const body = { reference, status };
    const headers = { 'if-match': entityTagOf(known.version) };
    try {
      const answer = await this.#http.request('PUT', pathOf(known.id), { body, headers });
      return __aggregate__ViewSchema.parse(answer);
    } catch (error) {
      if (!(error instanceof UpstreamError && error.status === 412)) throw error;
      const current = await this.get__Aggregate__(known.id);
      const isNext = current?.version === known.version + 1;
      if (isNext && current.reference === reference && current.status === status) return current;
      throw error;
    }
  }

  /**
   * Deletes the __aggregate_words__, if it is still at the version that the caller has read. Does nothing
   * when there is no such __aggregate_words__ any more.
   *
   * @throws UpstreamError with status 412 or 409 after another change: read the __aggregate_words__ again.
   */
  async delete__Aggregate__(known: __Aggregate__View): Promise<void> {
    const headers = { 'if-match': entityTagOf(known.version) };
    await unlessNotFound(this.#http.request('DELETE', pathOf(known.id), { headers }));
  }

  /** Closes the connections as soon as the requests in flight have ended. */
  close(): Promise<void> {
    return this.#http.close();
  }
}

function pathOf(id: string): string {
  return `${collection}/${encodeURIComponent(id)}`;
}
