import { type Representation, pageSchema, representationSchema } from '../api/schemas.ts';
import { type ClientTools, HttpClient, UpstreamError } from './http-client.ts';

const collection = '/shipping';

/** The client by which other services call this one; its own acceptance tests use it too. */
export class ShippingClient {
  readonly #http: HttpClient;

  /** @param origin where the service listens, such as `http://shipping`. */
  constructor(origin: string, tools: ClientTools) {
    this.#http = new HttpClient('shipping', origin, tools);
  }

  /** Creates one. Not repeated on failure: the first attempt may have worked. */
  async create(reference: string): Promise<Representation> {
    return representationSchema.parse(await this.#http.request('POST', collection, { reference }));
  }

  /** Reads one, or `undefined` when there is none with that id. */
  async read(id: string): Promise<Representation | undefined> {
    const path = `${collection}/${encodeURIComponent(id)}`;
    try {
      return representationSchema.parse(await this.#http.request('GET', path));
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

  /** Closes the connections once what is in flight is done. */
  close(): Promise<void> {
    return this.#http.close();
  }
}
