import { context, propagation, trace } from '@opentelemetry/api';

/**
 * Starts OpenTelemetry tracing over OTLP/HTTP, with W3C Trace Context on the wire. The SDK is loaded
 * here and only here, so that a service without a collector pays nothing for it.
 *
 * @param name of the service, as traces show it.
 * @param collector base URL; spans go to `<collector>/v1/traces`.
 */
export async function startTracing(
  name: string,
  collector: string,
): Promise<{ stop(): Promise<void> }> {
  const [sdk, contexts, core, exporter, resources] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/core'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const url = `${collector.replace(/\/$/, '')}/v1/traces`;
  const provider = new sdk.TracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': name }),
    spanProcessors: [
      new sdk.BatchSpanProcessor({ exporter: new exporter.OTLPTraceExporter({ url }) }),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new contexts.AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  return {
    async stop() {
      // A collector that is gone must not keep the service from stopping.
      await provider.shutdown().catch(() => undefined);
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
}
