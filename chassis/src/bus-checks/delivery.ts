import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { RefusedMessageError } from '../events/index.ts';
import { assertSame, bodies, keyed, message, numbers } from './messages.ts';
import { type BusCheck, busCheck, newTopics } from './trial.ts';

/** What is larger is too large to try out. */
const mostBytes = 67_108_864;

/** What comes of what was published. */
export const deliveryChecks: readonly BusCheck[] = [
  busCheck('delivers what was published, whole: key, body and headers', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    await service.consume(topics.topic);
    const large = 'x'.repeat(900_000);
    const sent = ['{"a":1}', '', 'ünï ✓', large].map((body) => message(topics.topic, 'key', body));
    await service.publish(sent);
    await trial.eventually(() => assertSame(service.handled, sent));
  }),

  busCheck(
    'keeps the bytes of what is no UTF-8, on the way and as a dead letter',
    async (trial) => {
      const topics = newTopics();
      const service = await trial.instance(topics);
      await service.consume(topics.topic);
      const every = Buffer.from(numbers(256));
      const pieces = [every, Buffer.from('caf\xe9', 'latin1'), Buffer.from([0xe2, 0x82])];
      const sent = pieces.map((bytes) => ({
        ...message(topics.topic, 'key', bytes.toString()),
        base64: bytes.toString('base64'),
      }));
      await service.publish(sent);
      await trial.eventually(() => assertSame(service.handled, sent));
      const { deadLetters } = topics;
      const letters = sent.map((one, index) => ({ ...one, topic: deadLetters, key: `${index}` }));
      await service.publish(letters);
      assertSame(await service.letters(deadLetters), letters);
    },
  ),

  busCheck('refuses what is larger than it takes, and what follows of its key', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    const { maxMessageBytes } = service.bus;
    if (maxMessageBytes > mostBytes) return;
    await service.consume(topics.topic);
    const tooLarge = 'x'.repeat(maxMessageBytes);
    const outcomes = await service.bus.publish([
      message(topics.topic, 'a', 'before'),
      message(topics.topic, 'a', tooLarge),
      message(topics.topic, 'a', 'after'),
      message(topics.topic, 'b', 'beside'),
    ]);
    assert.equal(outcomes[0], undefined);
    assert.ok(outcomes[1] instanceof RefusedMessageError, String(outcomes[1]));
    assert.ok(outcomes[2] instanceof Error);
    assert.equal(outcomes[3], undefined);
    await trial.eventually(() =>
      assert.deepEqual(bodies(service.handled).sort(), ['before', 'beside']),
    );
  }),

  busCheck('consumes more topics by a further call', async (trial) => {
    const [first, second] = [newTopics(), newTopics()];
    const both = [first.topic, second.topic];
    const service = await trial.instance({
      ...first,
      all: { ...first.all, events: both, consumed: both },
    });
    for (const topic of both) await service.consume(topic);
    for (const topic of both) await service.publish(keyed(topic, 10, 2));
    await trial.eventually(() => assert.equal(service.handled.length, 40));
    for (const topic of both)
      assert.equal(service.handled.filter((one) => one.topic === topic).length, 20);
  }),

  busCheck('keeps dead letters until each is removed', async (trial) => {
    const topics = newTopics();
    const { topic, deadLetters } = topics;
    const service = await trial.instance(topics);
    const keys = async () => (await service.letters(deadLetters)).map(({ key }) => key);
    assert.deepEqual(await keys(), []);
    await service.publish(['1', '2', '3'].map((key) => message(deadLetters, key, `of ${key}`)));
    assert.deepEqual(await keys(), ['1', '2', '3']);
    await service.bus.removeDeadLetter(deadLetters, '2');
    assert.deepEqual(await keys(), ['1', '3']);
    await service.publish([message(deadLetters, '4', 'of 4'), message(topic, 'k', '')]);
    assert.deepEqual(await keys(), ['1', '3', '4']);
    for (const key of await keys()) await service.bus.removeDeadLetter(deadLetters, key);
    assert.deepEqual(await keys(), []);
  }),

  busCheck('tells how far behind the service is', async (trial) => {
    const topics = newTopics();
    const service = await trial.instance(topics);
    await service.consume(topics.topic, () => delay(500));
    const lag = async () => (await service.bus.lag()).get(topics.topic) ?? 0;
    await service.publish(numbers(4).map((index) => message(topics.topic, 'key', `${index}`)));
    await trial.eventually(async () => assert.ok((await lag()) > 0));
    await trial.eventually(async () => assert.equal(await lag(), 0));
    assert.equal(service.handled.length, 4);
  }),
];
