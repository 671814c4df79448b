import { Parser } from '@asyncapi/parser';
import { findHandlers, findSchemas } from 'service-chassis/events';
import { expect, test } from 'vitest';
import manifest from '../service.json' with { type: 'json' };
import { startService } from './support/service.ts';

const events = new URL('../src/events/', import.meta.url);
const { publishes, handles }: Readonly<Record<string, readonly string[]>> = manifest.events;

test('the AsyncAPI document is valid and has every event with its direction', async () => {
  const app = await startService();
  const { body } = await app.inject('/asyncapi.json');
  const { document, diagnostics } = await new Parser().parse(body);
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  const operations = document?.operations().all() ?? [];
  expect(operations.map((operation) => operation.id()).sort()).toEqual(
    [
      ...publishes.map((type) => `send-${type}`),
      ...handles.map((type) => `receive-${type}`),
    ].sort(),
  );
});

test('service.json lists exactly the events that have a schema and the handlers that there are', async () => {
  const typesOf = (found: { type: string }[]) => found.map(({ type }) => type).sort();
  expect([...handles].sort()).toEqual(typesOf(await findHandlers(new URL('handlers', events))));
  expect([...new Set([...publishes, ...handles])].sort()).toEqual(
    typesOf(await findSchemas(new URL('schemas', events))),
  );
});
