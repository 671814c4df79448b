import { randomUUID } from 'node:crypto';
import { InProcessBus } from 'service-chassis/development';
import { expect, test } from 'vitest';
import { newEvent } from '../../src/events/event.ts';
import event from '../../src/events/schemas/__event_file__.ts';
import { exampleOf } from '../support/example.ts';
import { startService } from '../support/service.ts';

test('__event_type__ is handled', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const received = newEvent(event, randomUUID(), exampleOf(event.data));
  await bus.publish([app.events.messageOf(received)]);
  const metrics = async () => (await app.inject('/metrics')).body;
  await expect.poll(metrics).toContain(`events_handled_total{type="${event.type}"} 1`);
});
