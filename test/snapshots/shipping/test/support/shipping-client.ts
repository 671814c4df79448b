import { randomUUID } from 'node:crypto';
import { entityTagOf } from 'service-chassis/api';
import {
  type ClientTools,
  HttpClient,
  UpstreamError,
  unlessNotFound,
} from 'service-chassis/clients';
import {
  shippingPageSchema,
  shippingViewSchema,
  type ShippingView,
} from '../../src/api/schemas.ts';
import type { ShippingChanges } from '../../src/domain/shipping.ts';

const collection = '/shipping';

/** Calls this service as another would, within a policy: for tests and the script `smoke`. */
export class ShippingClient {
  readonly #http: HttpClient;

  /** @param origin where the service listens, such as `http://shipping`. */
  constructor(origin: string, tools: ClientTools) {
    this.#http = new HttpClient('shipping', origin, tools);
  }

  /**
   * Creates exactly one shipping, however often the request has to be sent.
   *
   * @param key a caller that repeats this call after a failure of its own gives the same key again.
   */
  async createShipping(reference: string, key: string = randomUUID()): Promise<ShippingView> {
    const headers = { 'idempotency-key': key };
    const answer = await this.#http.request('POST', collection, { body: { reference }, headers });
    return shippingViewSchema.parse(answer);
  }

  /** Returns the shipping with this id, or `undefined` when there is none. */
  async getShipping(id: string): Promise<ShippingView | undefined> {
    const answer = await unlessNotFound(this.#http.request('GET', pathOf(id)));
    return shippingViewSchema.optional().parse(answer);
  }

  /** Yields all shipping, oldest first; asks for the next page when the caller gets to it. */
  async *listShipping(): AsyncGenerator<ShippingView> {
    let after: string | null = '';
    while (after !== null) {
      const query: string = after === '' ? '' : `&after=${after}`;
      const answer = await this.#http.request('GET', `${collection}?limit=100${query}`);
      const page = shippingPageSchema.parse(answer);
      yield* page.items;
      after = page.next;
    }
  }

  /**
   * Changes the shipping, if it is still at the version that the caller has read. What
   * `changes` leaves out stays as it is.
   *
   * When the answer to a first request is lost, the repeated request finds its own change: the method
   * then returns that, as the first answer would have.
   *
   * @throws UpstreamError with status 412 or 409 after another change: read the shipping again.
   */
  async updateShipping(
    known: ShippingView,
    changes: Partial<ShippingChanges>,
  ): Promise<ShippingView> {
    const { reference, status } = { ...known, ...changes };
    const body = { reference, status };
    const headers = { 'if-match': entityTagOf(known.version) };
    try {
      const answer = await this.#http.request('PUT', pathOf(known.id), { body, headers });
      return shippingViewSchema.parse(answer);
    } catch (error) {
      if (!(error instanceof UpstreamError && error.status === 412)) throw error;
      const current = await this.getShipping(known.id);
      const isNext = current?.version === known.version + 1;
      if (isNext && current.reference === reference && current.status === status) return current;
      throw error;
    }
  }

  /**
   * Deletes the shipping, if it is still at the version that the caller has read. Does nothing
   * when there is no such shipping any more.
   *
   * @throws UpstreamError with status 412 or 409 after another change: read the shipping again.
   */
  async deleteShipping(known: ShippingView): Promise<void> {
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
