import type { ServerHttp2Stream } from 'node:http2';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { Counter, Histogram, type Registry } from 'prom-client';
import { requestIdOf } from '../http/index.ts';
import { runCorrelated } from '../telemetry/index.ts';
import type { Listener } from './server.ts';

/** The words for the codes of gRPC, by number. */
const codes = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND'],
  ...['ALREADY_EXISTS', 'PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION'],
  ...['ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS'],
  'UNAUTHENTICATED',
];

/** Those by which the service itself has failed. */
const failures = new Set(['UNKNOWN', 'DEADLINE_EXCEEDED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS']);

/**
 * One log line, one observation and one span a call, as a child of its caller's. Probes and tools are
 * not logged.
 *
 * @param paths of the methods that there are; all others count as one, so that no caller can make up
 *   as many series of metrics as it likes.
 */
export function observeCalls(
  app: FastifyInstance,
  paths: ReadonlySet<string>,
  answer: Listener,
): Listener {
  const { handled, duration } = metricsIn(app.metrics);
  const tracer = trace.getTracer('grpc');
  return (request, response) => {
    const { stream, headers } = request;
    const started = performance.now();
    const name = paths.has(request.url) ? request.url.slice(1) : 'unknown/unknown';
    const [service = '', method = ''] = name.split('/');
    const id = requestIdOf(request);
    headers['x-request-id'] = id;
    const parent = propagation.extract(context.active(), headers);
    const attributes = { 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': method };
    const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
    const inSpan = trace.setSpan(parent, span);
    stream.once('close', () => {
      const code = codeOf(stream);
      const milliseconds = performance.now() - started;
      handled.inc({ grpc_service: service, grpc_method: method, grpc_code: code });
      duration.observe({ grpc_service: service, grpc_method: method }, milliseconds / 1000);
      span.setAttribute('rpc.grpc.status_code', codes.indexOf(code));
      if (failures.has(code)) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
      if (name.startsWith('grpc.')) return;
      const durationMs = Math.round(milliseconds * 10) / 10;
      const line = { reqId: id, method: name, code, durationMs };
      context.with(inSpan, () => app.log.info(line, 'call completed'));
    });
    const run = () => runCorrelated(id, headers, () => answer(request, response));
    context.with(inSpan, run);
  };
}

/** A call without a status ended because its caller gave up. */
function codeOf({ sentTrailers, sentHeaders }: ServerHttp2Stream): string {
  const status = sentTrailers?.['grpc-status'] ?? sentHeaders?.['grpc-status'];
  return (status === undefined ? 'CANCELLED' : codes[Number(status)]) ?? 'UNKNOWN';
}

function metricsIn(registry: Registry) {
  const registers = [registry];
  return {
    handled: new Counter({
      name: 'grpc_server_handled_total',
      help: 'Calls that were answered, by code',
      labelNames: ['grpc_service', 'grpc_method', 'grpc_code'],
      registers,
    }),
    duration: new Histogram({
      name: 'grpc_server_handling_seconds',
      help: 'Time from the head of the call to the end of the answer',
      labelNames: ['grpc_service', 'grpc_method'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
  };
}
