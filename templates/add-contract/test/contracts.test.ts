import { expect, test } from 'vitest';
import { findSchemas } from 'service-chassis/events';
import { z } from 'zod';
import manifest from '../service.json' with { type: 'json' };
import { refusals } from './support/compatibility.ts';
import { isContract, publishedSchema } from './support/publisher.ts';

/** What this service relies on of others' events, held against what they publish now. */
const recorded: readonly unknown[] = manifest.contracts;
const contracts = recorded.filter(isContract);
const schemas = new URL('../src/events/schemas', import.meta.url);

test.for(contracts)(
  '$publisher publishes $event as it is needed here',
  async (contract, { skip }) => {
    const { event, publisher } = contract;
    const published = await publishedSchema(contract);
    if (published.is === 'away') return skip(published.reason);
    const handled = (await findSchemas(schemas)).find(({ type }) => type === event);
    if (handled === undefined) throw new Error(`no file of src/events/schemas declares ${event}`);
    const needed = z.toJSONSchema(handled.data, { io: 'input', unrepresentable: 'any' });
    const breaks =
      published.is === 'gone' ? [published.reason] : refusals(needed, published.schema);
    if (breaks.length > 0) expect.fail(`${publisher} breaks ${event}: ${breaks.join('; ')}`);
  },
);
