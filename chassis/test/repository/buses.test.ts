import { afterAll, beforeAll, describe, test } from 'vitest';
import { type BusServer, busServers } from '../../../test/support/buses.ts';
import { busChecks } from '../../src/bus-checks/index.ts';
import { readPart } from '../../src/config/index.ts';
import type { BusOptions, EventBus } from '../../src/events/index.ts';
import { KafkaBus, kafkaConfig } from '../../src/kafka/index.ts';
import { NatsBus, natsConfig } from '../../src/nats/index.ts';
import { RabbitBus, rabbitConfig } from '../../src/rabbitmq/index.ts';
import { RedisBus, redisConfig } from '../../src/redis/index.ts';

type Variables = BusServer['environment'];

/** Every adapter of the chassis, on its real server. What takes processes of their own is in `test/buses`. */
const adapters: Readonly<Record<string, (variables: Variables, options: BusOptions) => EventBus>> =
  {
    kafka: (variables, options) => new KafkaBus(readPart(kafkaConfig, variables), options),
    nats: (variables, options) => new NatsBus(readPart(natsConfig, variables), options),
    rabbitmq: (variables, options) => new RabbitBus(readPart(rabbitConfig, variables), options),
    redis: (variables, options) => new RedisBus(readPart(redisConfig, variables), options),
  };

describe.each(Object.entries(busServers))('%s', (name, { available, create }) => {
  let server: BusServer | undefined;
  beforeAll(async () => {
    if (available) server = await create();
  });
  afterAll(() => server?.dispose());

  test.skipIf(!available).each(busChecks)('$name', { timeout: 120_000 }, ({ run }) =>
    run((options) => {
      const bus = adapters[name]?.(server?.environment ?? {}, options);
      if (bus === undefined) throw new Error(`nothing adapts ${name}`);
      return bus;
    }),
  );
});
