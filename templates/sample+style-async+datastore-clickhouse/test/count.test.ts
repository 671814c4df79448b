import { InProcessBus } from 'service-chassis/development';
import { expect, test } from 'vitest';
import { countByDay } from '../src/application/count.ts';
import { newEvent } from '../src/events/event.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { startService } from './support/service.ts';

test('each is counted once, however often the event that asks for it comes', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const time = '2026-01-01T00:00:00.000Z';
  const requests = ['first', 'second'].map((reference) =>
    app.events.messageOf({ ...newEvent(requestedEvent, reference, { reference }), time }),
  );
  await bus.publish(requests);
  await bus.publish(requests);
  const metrics = async () => (await app.inject('/metrics')).body;
  await expect.poll(metrics).toContain(`events_handled_total{type="${requestedEvent.type}"} 4`);
  const day = new Date().toISOString().slice(0, 10);
  expect(await countByDay(app.database.connection)).toEqual([{ day, status: 'open', count: 2 }]);
});
