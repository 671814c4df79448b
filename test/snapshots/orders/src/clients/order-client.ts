import { randomUUID } from 'node:crypto';
import { entityTagOf } from 'service-chassis/api';
import { type ClientTools, HttpClient, UpstreamError } from 'service-chassis/clients';
import { type Representation, pageSchema, representationSchema } from '../api/schemas.ts';

const collection = '/orders';

type Change = Pick<Representation, 'reference' | 'status'>;

/** The client by which other services call this one; its own acceptance tests use it too. */
export class OrderClient {
  readonly #http: HttpClient;

  /** @param origin where the service listens, such as `http://orders`. */
  constructor(origin: string, tools: ClientTools) {
    this.#http = new HttpClient('orders', origin, tools);
  }

  /**
   * Creates one, and only one, however often it has to be tried.
   *
   * @param key a caller who asks again after its own failure gives the same one.
   */
  async create(reference: string, key: string = randomUUID()): Promise<Representation> {
    const headers = { 'idempotency-key': key };
    const options = { body: { reference }, headers };
    return representationSchema.parse(await this.#http.request('POST', collection, options));
  }

  /** Reads one, or `undefined` when there is none with that id. */
  async read(id: string): Promise<Representation | undefined> {
    try {
      return representationSchema.parse(await this.#http.request('GET', pathOf(id)));
    } catch (error) {
      if (error instanceof UpstreamError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Reads all, page by page, oldest first. */
  async *list(): AsyncGenerator<Representation> {
    let after: string | null = '';
    while (after !== null) {
      const query: string = after === '' ? '' : `&after=${after}`;
      const answer = await this.#http.request('GET', `${collection}?limit=100${query}`);
      const page = pageSchema.parse(answer);
      yield* page.items;
      after = page.next;
    }
  }

  /**
   * Changes one that is still as it was seen; what is not given in `change` stays.
   *
   * When an answer is lost, what is sent again meets the change that it has made itself: then that is
   * the answer.
   *
   * @throws UpstreamError with status 412 or 409 when it was changed otherwise since: read it again.
   */
  async update(seen: Representation, change: Partial<Change>): Promise<Representation> {
    const { reference, status } = { ...seen, ...change };
    const headers = { 'if-match': entityTagOf(seen.version) };
    const options = { body: { reference, status }, headers };
    try {
      return representationSchema.parse(await this.#http.request('PUT', pathOf(seen.id), options));
    } catch (error) {
      if (!(error instanceof UpstreamError && error.status === 412)) throw error;
      const now = await this.read(seen.id);
      const isNext = now?.version === seen.version + 1;
      if (isNext && now.reference === reference && now.status === status) return now;
      throw error;
    }
  }

  /**
   * Deletes one that is still as it was seen; that it is gone already is as good.
   *
   * @throws UpstreamError with status 412 or 409 when it was changed since: read it again.
   */
  async delete(seen: Representation): Promise<void> {
    const headers = { 'if-match': entityTagOf(seen.version) };
    try {
      await this.#http.request('DELETE', pathOf(seen.id), { headers });
    } catch (error) {
      if (!(error instanceof UpstreamError && error.status === 404)) throw error;
    }
  }

  /** Closes the connections once what is in flight is done. */
  close(): Promise<void> {
    return this.#http.close();
  }
}

function pathOf(id: string): string {
  return `${collection}/${encodeURIComponent(id)}`;
}
