import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type Dispatcher, errors, type Pool } from 'undici';
import { createPool, judgeUpstream, withoutAnswer } from '../../clients/index.ts';
import {
  type Attempt,
  BulkheadFullError,
  type CallLimits,
  deadlineHeader,
  type Judge,
  lateAttemptsAtOnce,
  Policy,
  type PolicyTools,
  timeToAnswer,
} from '../../resilience/index.ts';
import { Shares } from './shares.ts';
import { isUpload, type Upload } from './upload.ts';
import type { UpstreamConfig } from './upstream-config.ts';
import { FailedAnswer, giveUp, isFailedAnswer, requireUsable } from './upstream-failure.ts';

/** A request as it goes to an upstream. */
export interface OutgoingRequest {
  readonly method: Dispatcher.HttpMethod;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Buffer | Upload | null;
  /** Whether it may be sent a second time. */
  readonly safeToRepeat: boolean;
}

/** An answer whose body does not go on for so long is given up, in milliseconds. */
const bodyTimeout = 60_000;
/** Answers on their way to callers who are slow to read, for each call that may run. */
const answersPerCall = 4;
/** Milliseconds: an upload takes the time that its caller takes; what ends it is said in Pace and Upload. */
const longestUpload = 3_600_000;

/**
 * One upstream: a connection pool behind a policy. The policy counts a call until its answer begins; how
 * long a body then flows depends on the caller too, so those are limited by themselves.
 */
export interface Upstream {
  readonly name: string;
  readonly origin: string;
  /**
   * Sends a request, again where that is safe, and returns the answer, whatever its status, as soon as
   * it begins. Its body must be read to the end or given up (`dump`, `destroy`).
   *
   * @throws UpstreamConnectionError or UnusableAnswerError when there is no answer, TooManyUploadsError,
   *   and what the policy throws.
   */
  send(request: OutgoingRequest, limits?: CallLimits): Promise<Dispatcher.ResponseData>;
  /** Closes the connections once what is in flight is done. */
  close(): Promise<void>;
}

/** An upstream as this copy of the part has it: others see no more than `Upstream`. */
export class PooledUpstream implements Upstream {
  readonly name: string;
  readonly origin: string;
  readonly #pool: Pool;
  readonly #policy: Policy;
  readonly #attemptTimeout: number;
  readonly #token: string | undefined;
  readonly #most: number;
  readonly #uploads: Shares;
  #underWay = 0;

  constructor({ name, origin, token, policy }: UpstreamConfig, tools: PolicyTools) {
    this.name = name;
    this.origin = origin;
    this.#token = token;
    this.#attemptTimeout = policy.attemptTimeout;
    this.#most = policy.running * answersPerCall;
    // Half of the places, so that uploads never keep other calls out; half of these for one caller.
    const uploads = Math.ceil(policy.running / 2);
    this.#uploads = new Shares(uploads, Math.ceil(uploads / 2));
    this.#pool = createPool(origin, { connections: this.#most + lateAttemptsAtOnce, bodyTimeout });
    const judge: Judge = (error) =>
      error instanceof FailedAnswer ? 'failure' : judgeUpstream(error);
    this.#policy = new Policy(name, judge, tools, policy);
  }

  async send(request: OutgoingRequest, limits: CallLimits = {}): Promise<Dispatcher.ResponseData> {
    if (this.#underWay >= this.#most) throw new BulkheadFullError(this.name);
    const { body } = request;
    if (isUpload(body)) return this.#upload(request, body.caller, limits);
    return this.#send(request, limits);
  }

  close(): Promise<void> {
    this.#policy.close();
    return this.#pool.close();
  }

  async #upload(
    request: OutgoingRequest,
    caller: string,
    limits: CallLimits,
  ): Promise<Dispatcher.ResponseData> {
    const giveBack = this.#uploads.take(caller, this.name);
    try {
      return await this.#send(request, { ...limits, timeout: longestUpload });
    } finally {
      giveBack();
    }
  }

  async #send(request: OutgoingRequest, limits: CallLimits): Promise<Dispatcher.ResponseData> {
    this.#underWay += 1;
    try {
      const answer = await this.#call(request, limits);
      answer.body.once('close', () => {
        this.#underWay -= 1;
      });
      return answer;
    } catch (error) {
      this.#underWay -= 1;
      throw error;
    }
  }

  async #call(request: OutgoingRequest, limits: CallLimits): Promise<Dispatcher.ResponseData> {
    let failed: FailedAnswer | undefined;
    let isOver = false;
    const run = async (attempt: Attempt): Promise<Dispatcher.ResponseData> => {
      failed?.discard();
      failed = undefined;
      const answer = await this.#attempt(request, attempt);
      const isFailed = isFailedAnswer(answer);
      // An attempt that went on without its caller.
      if (isOver) giveUp(answer);
      if (!isFailed) return answer;
      failed = new FailedAnswer(`${request.method} ${this.name}${request.path}`, answer);
      throw failed;
    };
    try {
      return await this.#policy.execute(run, request.safeToRepeat, limits);
    } catch (error) {
      if (error instanceof FailedAnswer) return error.answer;
      failed?.discard();
      throw error;
    } finally {
      isOver = true;
    }
  }

  async #attempt(request: OutgoingRequest, attempt: Attempt): Promise<Dispatcher.ResponseData> {
    const { method } = request;
    const span = trace.getTracer('forwarding').startSpan(`${method} ${this.name}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'http.request.method': method, 'peer.service': this.name },
    });
    const own: Record<string, string> = {};
    own[deadlineHeader] = timeToAnswer(attempt.milliseconds);
    if (this.#token !== undefined) own.authorization = `Bearer ${this.#token}`;
    propagation.inject(trace.setSpan(context.active(), span), own);
    try {
      const answer = await this.#ask(request, withOwn(request.headers, own), attempt.signal);
      span.setAttribute('http.response.status_code', answer.statusCode);
      return answer;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw withoutAnswer(this.name, error);
    } finally {
      span.end();
    }
  }

  async #ask(
    { method, path, body }: OutgoingRequest,
    headers: string[],
    attempt: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const asked = { method, path, headers };
    const answer = isUpload(body)
      ? await this.#sendOn(asked, body, attempt)
      : await this.#pool.request({ ...asked, body, signal: attempt });
    try {
      requireUsable(`${method} ${this.name}${path}`, answer);
      return answer;
    } catch (error) {
      giveUp(answer);
      throw error;
    }
  }

  /** The upstream has an attempt's time for each piece of the body, and for its answer after the last. */
  async #sendOn(
    asked: { readonly method: Dispatcher.HttpMethod; path: string; headers: string[] },
    upload: Upload,
    attempt: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const late = new AbortController();
    let hasBegun = false;
    const body = upload.stream(this.#attemptTimeout, () => {
      if (!hasBegun) late.abort(new errors.HeadersTimeoutError());
    });
    const signal = AbortSignal.any([attempt, late.signal]);
    try {
      return await this.#pool.request({ ...asked, body, signal, headersTimeout: 0 });
    } finally {
      hasBegun = true;
    }
  }
}

/** The headers to send, in which the gateway's own take the place of others of their name. */
function withOwn(headers: readonly string[], own: Readonly<Record<string, string>>): string[] {
  const sent: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const [name = '', value = ''] = [headers[index], headers[index + 1]];
    if (!(name.toLowerCase() in own)) sent.push(name, value);
  }
  for (const [name, value] of Object.entries(own)) sent.push(name, value);
  return sent;
}
