import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, treeOf } from '../support/cli.ts';
import { servicesIn } from '../support/services.ts';
import { keys, terminal } from '../support/terminal.ts';

const { down, enter, controlC, controlU } = keys;

test('asks what to add, who publishes it, shows what that one publishes, and which bus', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, {
    orders: ['--datastore', 'none'],
    payments: ['--style', 'async', '--datastore', 'none'],
  });
  const person = terminal(path.join(root, 'orders'), ['add', '--no-install']);
  await person.see('What shall be added?');
  person.type(down);
  await person.see("a handler of another service's event");
  person.type(enter);
  await person.see('in this workspace: payments');
  person.type('Payments');
  await person.see('→ payments');
  person.type(enter);
  await person.see('Which of its events?');
  await person.see('payments.payment-created.v1');
  person.type(enter);
  await person.see('Which event bus?');
  person.type(enter);
  await person.see('Next:');
  expect(await person.exited).toBe(0);
  const manifest = JSON.parse(await fs.readFile(path.join(root, 'orders/service.json'), 'utf8'));
  expect(manifest).toMatchObject({
    style: 'both',
    bus: 'kafka',
    events: { publishes: [], handles: ['payments.payment-created.v1'] },
  });
});

test('what is wrong with a name is seen before Enter, and after it', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: ['--style', 'async', '--datastore', 'none'] });
  const person = terminal(path.join(root, 'orders'), ['add', 'event']);
  await person.see('What happened?');
  person.type('order-created');
  await person.see('is there already');
  person.type(`${controlU}con`);
  await person.see('reserved');
  person.type(enter);
  await person.see('This is reserved');
  person.type(`${controlU}Order Shipped`);
  await person.see('→ order-shipped');
  person.type(enter);
  await person.see('publishes orders.order-shipped.v1');
  expect(await person.exited).toBe(0);
});

test('Ctrl-C at a question changes nothing and exits with 130', async () => {
  const root = await temporaryFolder();
  await servicesIn(root, { orders: [] });
  const before = await treeOf(root);
  for (const [args, question] of [
    [['add'], 'What shall be added?'],
    [['add', 'handler'], 'Which service'],
    [['add', 'event', 'order-shipped'], 'Which event bus?'],
  ] as const) {
    const person = terminal(path.join(root, 'orders'), args);
    await person.see(question);
    person.type(controlC);
    expect(await person.exited).toBe(130);
    expect(await treeOf(root)).toEqual(before);
  }
});
