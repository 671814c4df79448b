import type { IncomingMessage } from 'node:http';
import { CallerGoneError } from '../../resilience/index.ts';
import { Pace } from './pace.ts';
import { RequestUpload, tooLarge, type Upload, type UploadLimits } from './upload.ts';

/** Bytes of a body that are gathered before its upstream is asked: most bodies are here whole by then. */
const gathered = 65_536;
/** Milliseconds after which a body that has begun is sent on as it comes: it may wait for an answer. */
const patience = 500;

/** Whether a request carries a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return true;
  return Number(headers['content-length'] ?? 0) > 0;
}

/** @throws HttpError 413 for a request that says itself that it is too large. */
export function requireFit({ headers }: IncomingMessage, { maxBody }: UploadLimits): void {
  if (Number(headers['content-length'] ?? 0) > maxBody) throw tooLarge(maxBody);
}

/**
 * Waits for a request's body, so that no upstream is kept waiting for it: all of one that is small, and
 * the beginning of one that is large or slow, which then flows.
 *
 * @throws HttpError 408 or 413, or CallerGoneError.
 */
export function receiveBody(
  request: IncomingMessage,
  limits: UploadLimits,
): Promise<Buffer | Upload> {
  return new Promise((resolve, reject) => {
    const begun: Buffer[] = [];
    let size = 0;
    const settle = (): void => {
      request.pause();
      request.off('data', onData).off('end', onEnd).off('close', onClose);
      clearTimeout(timer);
      pace.stop();
    };
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    const flow = (): void => {
      settle();
      resolve(new RequestUpload(request, begun, limits));
    };
    const onData = (piece: Buffer): void => {
      size += piece.length;
      begun.push(piece);
      pace.received(piece.length);
      if (size > limits.maxBody) fail(tooLarge(limits.maxBody));
      else if (size > gathered) flow();
    };
    const onEnd = (): void => {
      settle();
      resolve(Buffer.concat(begun));
    };
    const onClose = (): void => fail(new CallerGoneError());
    const pace = new Pace(limits.slowFor, fail);
    const timer = setTimeout(() => {
      if (size > 0) flow();
      else timer.refresh();
    }, patience);
    request.on('data', onData).once('end', onEnd).once('close', onClose);
  });
}
