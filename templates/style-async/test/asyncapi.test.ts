import { Parser } from '@asyncapi/parser';
import { expect, test } from 'vitest';
import manifest from '../service.json' with { type: 'json' };
import type { Directions } from 'service-chassis/events';
import { findHandlers, findSchemas } from '../src/events/find.ts';
import { startService } from './support/service.ts';

const { publishes, handles }: Directions = manifest.events;

test('the AsyncAPI document is valid and has every event with its direction', async () => {
  const app = await startService();
  const { body } = await app.inject('/asyncapi.json');
  const { document, diagnostics } = await new Parser().parse(body);
  expect(diagnostics.filter(({ severity }) => severity === 0)).toEqual([]);
  const operations = document?.operations().all() ?? [];
  expect(operations.map((operation) => operation.id())).toEqual([
    ...publishes.map((type) => `send-${type}`),
    ...handles.map((type) => `receive-${type}`),
  ]);
});

test('service.json lists exactly the events that have a schema and the handlers that there are', async () => {
  const typesOf = (found: { type: string }[]) => found.map(({ type }) => type).sort();
  expect([...handles].sort()).toEqual(typesOf(await findHandlers()));
  expect([...new Set([...publishes, ...handles])].sort()).toEqual(typesOf(await findSchemas()));
});
