import { randomUUID } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import type { ClientTools } from 'service-chassis/clients';
import { GrpcClient, GrpcUpstreamError } from 'service-chassis/grpc';
import * as api from '../../src/grpc/gen/__service_snake__/v1/__service_snake___pb.ts';

const { method } = api.__Aggregate__Service;

type Change = Partial<Pick<api.__Aggregate__, 'reference' | 'status'>>;

/** Calls this service over gRPC as another would, within a policy. */
export class __Aggregate__GrpcClient {
  readonly #grpc: GrpcClient;

  /** @param origin where the service listens for gRPC, such as `http://__service__:50051`. */
  constructor(origin: string, tools: ClientTools) {
    this.#grpc = new GrpcClient('__service__', origin, tools);
  }

  /**
   * Creates one, and only one, however often it has to be tried.
   *
   * @param key a caller who asks again after its own failure gives the same one.
   */
  async create(reference: string, key: string = randomUUID()) {
    const { created } = await this.#grpc.call(method.create, { reference }, key);
    return given(created);
  }

  /** Reads one, or `undefined` when there is none with that id. */
  async read(id: string) {
    try {
      const { found } = await this.#grpc.call(method.get, { id });
      return given(found);
    } catch (error) {
      if (error instanceof GrpcUpstreamError && error.code === Code.NotFound) return undefined;
      throw error;
    }
  }

  /** Reads all, page by page, oldest first. */
  async *list(): AsyncGenerator<api.__Aggregate__> {
    let pageToken = '';
    do {
      const page = await this.#grpc.call(method.list, { pageSize: 100, pageToken });
      yield* page.items;
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
  }

  /**
   * Changes one that is still as it was seen; what is not given in `change` stays.
   *
   * @throws GrpcUpstreamError ABORTED when it was changed since: read it again. After a lost answer
   *   the change that was in between may be this one itself.
   */
  async update(seen: api.__Aggregate__, change: Change) {
    const { id, version, reference, status } = seen;
    const asked = { id, version, reference, status, ...change };
    const { updated } = await this.#grpc.call(method.update, asked);
    return given(updated);
  }

  /**
   * Deletes one that is still as it was seen; that it is gone already is as good.
   *
   * @throws GrpcUpstreamError ABORTED when it was changed since: read it again.
   */
  async delete({ id, version }: api.__Aggregate__): Promise<void> {
    try {
      await this.#grpc.call(method.delete, { id, version });
    } catch (error) {
      if (!(error instanceof GrpcUpstreamError && error.code === Code.NotFound)) throw error;
    }
  }

  /** Closes the connection once what is in flight is done. */
  close(): Promise<void> {
    return this.#grpc.close();
  }
}

/** In an answer of the service, the message is always there. */
function given<T>(message: T | undefined): T {
  if (message === undefined) throw new TypeError('The answer is empty.');
  return message;
}
