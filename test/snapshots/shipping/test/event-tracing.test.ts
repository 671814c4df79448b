import { startCollector } from 'service-chassis/testing';
import { expect, test } from 'vitest';
import { InProcessBus } from '../development/in-process-bus.ts';
import { newEvent } from '../src/events/event.ts';
import { eventOf, messageOf } from '../src/events/message.ts';
import requestedEvent from '../src/events/schemas/shipping-requested.v1.ts';
import { startService } from './support/service.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const publisherSpanId = 'b7ad6b7169203331';

test('an event carries its trace through the handler into the events that follow from it', async () => {
  const collector = await startCollector();
  const bus = new InProcessBus();
  const app = await startService({ bus }, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const event = newEvent(requestedEvent, 'subject', { reference: 'traced' });
  const traceparent = `00-${traceId}-${publisherSpanId}-01`;
  await bus.publish([messageOf({ ...event, traceparent })]);
  await expect.poll(() => bus.published.length).toBe(2);
  await app.close();
  const span = collector.spans.find(({ name }) => name === `process ${requestedEvent.type}`);
  expect(span).toMatchObject({ traceId, parentSpanId: publisherSpanId });
  const followed = bus.published.map(eventOf).at(1);
  expect(followed?.traceparent).toBe(`00-${traceId}-${span?.spanId}-01`);
});
