import { randomUUID } from 'node:crypto';
import { InProcessBus } from 'service-chassis/development';
import { eventOf } from 'service-chassis/events';
import { expect, test } from 'vitest';
import { publish__Event__ } from '../../src/application/publish-__event_stem__.ts';
import event from '../../src/events/schemas/__event_file__.ts';
import { startService } from '../support/service.ts';

test('__event_type__ is published when its unit of work succeeds', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus });
  const id = randomUUID();
  await app.database.transaction(async (work) => {
    await publish__Event__(work, id, { id }, 2);
  });
  await expect
    .poll(() => bus.published.map(eventOf))
    .toMatchObject([{ type: event.type, subject: id, sequence: '0000000002', data: { id } }]);
});
