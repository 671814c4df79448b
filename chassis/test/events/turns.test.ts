import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { type Hello, Turns } from '../../src/events/bus/turns.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Instances that hear each other at once. */
function instances() {
  const all: Turns[] = [];
  const said: Hello[] = [];
  const start = (...topics: string[]): Turns => {
    const say = (hello: Hello): void => {
      said.push(hello);
      for (const each of all) each.hear(hello);
    };
    const turns = new Turns({ topics, say, helloEvery: 1000, goneAfter: 3500 });
    all.push(turns);
    turns.join();
    onTestFinished(() => turns.leave());
    return turns;
  };
  /** Ends without a word. */
  const kill = (turns: Turns): void => void all.splice(all.indexOf(turns), 1);
  return { start, kill, said };
}

/** How many of a topic's twelve partitions fall to each. */
function shares(topic: string, ...all: readonly Turns[]): number[] {
  const partitions = Array.from({ length: 12 }, (_, partition) => partition);
  return all.map((turns) => partitions.filter((each) => turns.isMine(topic, each)).length);
}

test('instances that consume a topic share its partitions, each with one of them', () => {
  const { start } = instances();
  const [first, second, third] = [start('a'), start('a', 'b'), start('a')];
  expect(shares('a', first, second, third)).toEqual([4, 4, 4]);
  expect(shares('b', second)).toEqual([12]);
});

test('what one has that leaves falls to the others at once', () => {
  const { start } = instances();
  const [first, second] = [start('a'), start('a')];
  second.leave();
  expect(shares('a', first)).toEqual([12]);
});

test('what says nothing any more is gone after a while', () => {
  const { start, kill } = instances();
  const [first, second] = [start('a'), start('a')];
  expect(shares('a', first)).toEqual([6]);
  kill(first);
  kill(second);
  vi.advanceTimersByTime(3400);
  expect(shares('a', first)).toEqual([6]);
  vi.advanceTimersByTime(200);
  expect(shares('a', first)).toEqual([12]);
});

test('what is no hello is passed over', () => {
  const { start } = instances();
  const turns = start('a');
  for (const said of [undefined, 'hello', {}, { id: 'x' }, { id: 1, topics: ['a'] }])
    turns.hear(said);
  expect(shares('a', turns)).toEqual([12]);
});
