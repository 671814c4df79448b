import type {
  DescMessage,
  DescMethodUnary,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt';
import type { Transport } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ClientTools } from '../clients/index.ts';
import { type Attempt, currentDeadline, Policy, timeToAnswer } from '../resilience/index.ts';
import { correlation } from '../telemetry/index.ts';
import { judgeGrpc, upstreamErrorOf } from './grpc-error.ts';

/** Makes a call safe to repeat that is not so by itself: it has its effect once. */
const idempotencyKey = 'idempotency-key';
/** Bytes; a longer answer is not read to its end. */
const largestAnswer = 1_048_576;
/** Milliseconds after which a silent connection is asked whether it is still there, and may take to say so. */
const keepAlive = { pingIntervalMs: 10_000, pingTimeoutMs: 2000 };

/** gRPC to one upstream: one HTTP/2 connection behind a policy, one client span an attempt. */
export class GrpcClient {
  readonly #name: string;
  readonly #connection: Http2SessionManager;
  readonly #transport: Transport;
  readonly #policy: Policy;
  readonly #metadata: Readonly<Record<string, string>>;
  readonly #inFlight = new Set<Promise<unknown>>();

  /** @param origin scheme, host and port of the upstream: `http:` is HTTP/2 in plain text. */
  constructor(name: string, origin: string, { token, ...tools }: ClientTools) {
    this.#name = name;
    this.#connection = new Http2SessionManager(origin, keepAlive);
    this.#transport = createGrpcTransport({
      baseUrl: origin,
      sessionManager: this.#connection,
      readMaxBytes: largestAnswer,
    });
    this.#policy = new Policy(name, judgeGrpc, tools, tools.policy);
    this.#metadata = token === undefined ? {} : { authorization: `Bearer ${token}` };
  }

  /**
   * Calls once, or again where repeating is safe: by the method's `idempotency_level`, or with a key.
   * The deadline of the request that is being answered is kept to, and handed on.
   *
   * @param key sent as metadata `idempotency-key`.
   * @throws GrpcUpstreamError for every status but OK, and what the policy throws.
   */
  call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    key?: string,
  ): Promise<MessageShape<O>> {
    const { IDEMPOTENCY_UNKNOWN } = MethodOptions_IdempotencyLevel;
    const safeToRepeat = key !== undefined || method.idempotency !== IDEMPOTENCY_UNKNOWN;
    const metadata = { ...this.#metadata, ...(key === undefined ? {} : { [idempotencyKey]: key }) };
    const call = this.#policy.execute(
      (attempt) => this.#attempt(method, message, metadata, attempt),
      safeToRepeat,
      currentDeadline(),
    );
    this.#inFlight.add(call);
    const done = (): void => void this.#inFlight.delete(call);
    call.then(done, done);
    return call;
  }

  /** Closes the connection once what is in flight is done. */
  async close(): Promise<void> {
    this.#policy.close();
    await Promise.allSettled(this.#inFlight);
    this.#connection.abort();
  }

  async #attempt<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    metadata: Record<string, string>,
    { signal, milliseconds }: Attempt,
  ): Promise<MessageShape<O>> {
    const service = method.parent.typeName;
    const span = trace.getTracer('grpc-client').startSpan(`${service}/${method.name}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'rpc.system': 'grpc',
        'rpc.service': service,
        'rpc.method': method.name,
        'peer.service': this.#name,
      },
    });
    const sent = {
      ...correlation(),
      ...metadata,
      'grpc-timeout': `${timeToAnswer(milliseconds)}m`,
    };
    propagation.inject(trace.setSpan(context.active(), span), sent);
    try {
      const answer = await this.#transport.unary(method, signal, undefined, sent, message);
      return answer.message;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw upstreamErrorOf(error, `${this.#name} ${service}/${method.name}`, milliseconds);
    } finally {
      span.end();
    }
  }
}
