import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { HttpError } from '../../http/index.ts';
import { CallerGoneError } from '../../resilience/index.ts';
import { Pace } from './pace.ts';

/** What a body may be, and who sends it. */
export interface UploadLimits {
  /** As the rate limit knows it. */
  readonly caller: string;
  /** Bytes. */
  readonly maxBody: number;
  /** Milliseconds: see Pace. */
  readonly slowFor: number;
  /** Aborted when the body is cut short, with the reason. */
  readonly stop: AbortController;
}

/** The answer to a body that is larger than may be. */
export function tooLarge(maxBody: number): HttpError {
  return new HttpError(413, `The body is larger than ${maxBody} bytes.`);
}

/** A body that has begun, and whose rest is sent on as it comes. It can be sent once. */
export interface Upload {
  readonly caller: string;
  /**
   * The body as a stream.
   *
   * @param stallsAfter milliseconds after which whoever reads it is too slow, with the next piece, or with
   *   an answer to the last.
   */
  stream(stallsAfter: number, stalled: () => void): Readable;
}

/** Whether a body is still coming. Another copy of this part may have made it, so no class is asked. */
export function isUpload(body: Buffer | Upload | null): body is Upload {
  return body !== null && !Buffer.isBuffer(body);
}

/** The body of a request that a caller is sending. */
export class RequestUpload implements Upload {
  readonly caller: string;
  readonly #request: IncomingMessage;
  readonly #begun: readonly Buffer[];
  readonly #limits: UploadLimits;

  constructor(request: IncomingMessage, begun: readonly Buffer[], limits: UploadLimits) {
    this.caller = limits.caller;
    this.#request = request;
    this.#begun = begun;
    this.#limits = limits;
  }

  stream(stallsAfter: number, stalled: () => void): Readable {
    return new UploadStream(this.#request, this.#begun, this.#limits, { stallsAfter, stalled });
  }
}

/** Reads a request as fast as it is read itself, and no faster. */
class UploadStream extends Readable {
  readonly #request: IncomingMessage;
  readonly #limits: UploadLimits;
  readonly #reader: { readonly stallsAfter: number; readonly stalled: () => void };
  readonly #begun: Buffer[];
  readonly #pace: Pace;
  readonly #onData = (piece: Buffer): void => this.#pass(piece);
  readonly #onEnd = (): void => {
    this.#request.off('close', this.#onClose);
    this.#push(null);
  };
  readonly #onClose = (): void => this.#cut(new CallerGoneError());
  #size = 0;
  #stall: NodeJS.Timeout | undefined;

  constructor(
    request: IncomingMessage,
    begun: readonly Buffer[],
    limits: UploadLimits,
    reader: { readonly stallsAfter: number; readonly stalled: () => void },
  ) {
    super();
    this.#request = request;
    this.#limits = limits;
    this.#reader = reader;
    this.#begun = [...begun];
    this.#pace = new Pace(limits.slowFor, (error) => this.#cut(error));
    request.on('data', this.#onData).once('end', this.#onEnd).once('close', this.#onClose);
    request.pause();
    this.#pace.pause();
  }

  override _read(): void {
    clearTimeout(this.#stall);
    const piece = this.#begun.shift();
    if (piece !== undefined) {
      this.#pass(piece);
      return;
    }
    this.#pace.resume();
    this.#request.resume();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    // Once all of it is read, there is still the answer to come.
    if (!this.readableEnded) clearTimeout(this.#stall);
    this.#pace.stop();
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('close', this.#onClose);
    this.#request.pause();
    done(error);
  }

  #pass(piece: Buffer): void {
    this.#size += piece.length;
    this.#pace.received(piece.length);
    if (this.#size > this.#limits.maxBody) this.#cut(tooLarge(this.#limits.maxBody));
    else if (!this.#push(piece)) {
      this.#request.pause();
      this.#pace.pause();
    }
  }

  #push(piece: Buffer | null): boolean {
    clearTimeout(this.#stall);
    const { stallsAfter, stalled } = this.#reader;
    this.#stall = setTimeout(stalled, stallsAfter);
    if (piece === null) this.#pace.stop();
    return this.push(piece);
  }

  /** Aborts first what is done with the body, so that nobody takes its end for the upstream's failure. */
  #cut(error: Error): void {
    this.#limits.stop.abort(error);
    this.destroy(error);
  }
}
