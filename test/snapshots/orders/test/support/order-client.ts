import { randomUUID } from 'node:crypto';
import { entityTagOf } from 'service-chassis/api';
import {
  type ClientTools,
  HttpClient,
  UpstreamError,
  unlessNotFound,
} from 'service-chassis/clients';
import { orderPageSchema, orderViewSchema, type OrderView } from '../../src/api/schemas.ts';
import type { OrderChanges } from '../../src/domain/order.ts';

const collection = '/orders';

/** Calls this service as another would, within a policy: for tests and the script `smoke`. */
export class OrderClient {
  readonly #http: HttpClient;

  /** @param origin where the service listens, such as `http://orders`. */
  constructor(origin: string, tools: ClientTools) {
    this.#http = new HttpClient('orders', origin, tools);
  }

  /**
   * Creates exactly one order, however often the request has to be sent.
   *
   * @param key a caller that repeats this call after a failure of its own gives the same key again.
   */
  async createOrder(reference: string, key: string = randomUUID()): Promise<OrderView> {
    const headers = { 'idempotency-key': key };
    const answer = await this.#http.request('POST', collection, { body: { reference }, headers });
    return orderViewSchema.parse(answer);
  }

  /** Returns the order with this id, or `undefined` when there is none. */
  async getOrder(id: string): Promise<OrderView | undefined> {
    const answer = await unlessNotFound(this.#http.request('GET', pathOf(id)));
    return orderViewSchema.optional().parse(answer);
  }

  /** Yields all orders, oldest first; asks for the next page when the caller gets to it. */
  async *listOrders(): AsyncGenerator<OrderView> {
    let after: string | null = '';
    while (after !== null) {
      const query: string = after === '' ? '' : `&after=${after}`;
      const answer = await this.#http.request('GET', `${collection}?limit=100${query}`);
      const page = orderPageSchema.parse(answer);
      yield* page.items;
      after = page.next;
    }
  }

  /**
   * Changes the order, if it is still at the version that the caller has read. What
   * `changes` leaves out stays as it is.
   *
   * When the answer to a first request is lost, the repeated request finds its own change: the method
   * then returns that, as the first answer would have.
   *
   * @throws UpstreamError with status 412 or 409 after another change: read the order again.
   */
  async updateOrder(known: OrderView, changes: Partial<OrderChanges>): Promise<OrderView> {
    const { reference, status } = { ...known, ...changes };
    const body = { reference, status };
    const headers = { 'if-match': entityTagOf(known.version) };
    try {
      const answer = await this.#http.request('PUT', pathOf(known.id), { body, headers });
      return orderViewSchema.parse(answer);
    } catch (error) {
      if (!(error instanceof UpstreamError && error.status === 412)) throw error;
      const current = await this.getOrder(known.id);
      const isNext = current?.version === known.version + 1;
      if (isNext && current.reference === reference && current.status === status) return current;
      throw error;
    }
  }

  /**
   * Deletes the order, if it is still at the version that the caller has read. Does nothing
   * when there is no such order any more.
   *
   * @throws UpstreamError with status 412 or 409 after another change: read the order again.
   */
  async deleteOrder(known: OrderView): Promise<void> {
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
