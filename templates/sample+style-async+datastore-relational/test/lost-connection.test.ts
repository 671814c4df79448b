import { InProcessBus } from 'service-chassis/development';
import { messageOf } from 'service-chassis/events';
import { expect, test, vi } from 'vitest';
import { newEvent } from '../src/events/event.ts';
import requestedEvent from '../src/events/schemas/__aggregate_kebab__-requested.v1.ts';
import { killTransactions } from './support/kill-transactions.ts';
import { startService } from './support/service.ts';

test('an event whose transaction lost its connection comes again, and is not to blame', async () => {
  const bus = new InProcessBus();
  const app = await startService({ bus }, { EVENTS_ATTEMPTS: '1' });
  const repository = Object.getPrototypeOf(app.database.repository);
  const insert = vi.spyOn(repository, 'insert');
  insert.mockImplementationOnce(async function (this: typeof app.database.repository) {
    await killTransactions(app.database);
    await this.find('018f0000-0000-7000-8000-000000000000');
  });
  await bus.publish([messageOf(newEvent(requestedEvent, 'subject', { reference: 'again' }))]);
  const kept = () => app.database.repository.list({ limit: 10, after: undefined });
  await expect.poll(kept).toMatchObject([{ reference: 'again' }]);
  expect(await Array.fromAsync(bus.readDeadLetters())).toEqual([]);
});
