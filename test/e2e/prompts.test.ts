import fs from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/cli.ts';
import { keys, terminal } from '../support/terminal.ts';

const { up, down, controlC, controlU } = keys;
const noFinish = ['--no-install', '--no-git'];

test('asks in order, corrects a name, follows the arrow keys, and creates what was chosen', async () => {
  const cwd = await temporaryFolder();
  const person = terminal(cwd, noFinish);
  await person.see('Which business capability?');
  person.type('../x');
  await person.see('is a path');
  person.type('\r');
  await person.see('This is a path');
  person.type(`${controlU}Order Items`);
  await person.see('→ order-items');
  person.type('\r');
  await person.see('What is it?');
  person.type('\r');
  await person.see('How do others talk to it?');
  person.type(down);
  await person.see('no API of its own');
  person.type('\r');
  await person.see('Where does it keep its own data?');
  // From the first round to the last, however many there are.
  person.type(up);
  await person.see('keeps nothing');
  person.type('\r');
  await person.see('Which event bus?');
  person.type('\r');
  await person.see('What is it for');
  person.type('Items of orders\r');
  await person.see('Next:');
  expect(await person.exited).toBe(0);
  const manifest = JSON.parse(
    await fs.readFile(path.join(cwd, 'order-items/service.json'), 'utf8'),
  );
  expect(manifest).toMatchObject({
    name: 'order-items',
    style: 'async',
    datastore: 'none',
    bus: 'kafka',
    description: 'Items of orders',
  });
});

test('Ctrl-C at each question leaves nothing and exits with 130', async () => {
  const questions = [
    'Which business',
    'What is it?',
    'How do others',
    'Where does it',
    'Which event',
    'What is it for',
  ];
  for (let last = 0; last < questions.length; last += 1) {
    const cwd = await temporaryFolder();
    const person = terminal(cwd, noFinish);
    for (const [index, question] of questions.slice(0, last + 1).entries()) {
      await person.see(question);
      if (index < last)
        person.type(
          question === 'How do others'
            ? `${down}\r`
            : question === 'Which business'
              ? 'orders\r'
              : '\r',
        );
    }
    person.type(controlC);
    expect(await person.exited).toBe(130);
    expect(await fs.readdir(cwd)).toEqual([]);
  }
});
