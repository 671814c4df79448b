import { jetstreamManager } from '@nats-io/jetstream';
import { connect as connectNats } from '@nats-io/transport-node';
import {
  Admin,
  ConfigResourceTypes,
  IncrementalAlterConfigOperationTypes,
} from '@platformatic/kafka';
import { createClient } from '@redis/client';
import { connect as connectAmqp } from 'amqplib';

type Environment = Readonly<Record<string, string>>;

/** What an operator can do to a bus. Topics are laid out as the emitted services lay them out. */
interface BrokerAdmin {
  /** Has the bus refuse what is published to a topic, until the returned function is called. */
  refuse(environment: Environment, topic: string): Promise<() => Promise<void>>;
  /** Gives topics more partitions; what is returned counts the events in those. */
  addPartitions?(
    environment: Environment,
    topics: readonly string[],
  ): Promise<() => Promise<number>>;
}

const partitions = { before: 6, after: 12 };

/** Every bus by which services are tried. */
export const brokerAdmins: Readonly<Record<string, BrokerAdmin>> = {
  kafka: {
    /** More replicas are asked for than there are brokers. */
    async refuse(environment, topic) {
      await setReplicas(environment, topic, 2);
      return () => setReplicas(environment, topic, 1);
    },
    async addPartitions(environment, topics) {
      const count = partitions.after;
      await withKafka(environment, async (admin) => {
        const known = await admin.metadata({ topics: [...topics], forceUpdate: true });
        // Since the broker was wiped last, they may have been added before.
        const few = topics.filter((name) => (known.topics.get(name)?.partitionsCount ?? 0) < count);
        if (few.length > 0)
          await admin.createPartitions({ topics: few.map((name) => ({ name, count })) });
      });
      return () => withKafka(environment, (admin) => countInAdded(admin, topics));
    },
  },
  nats: {
    /** The stream is as full as it may be. */
    async refuse({ NATS_URL = '' }, topic) {
      const url = new URL(NATS_URL);
      const connection = await connectNats({
        servers: url.host,
        user: url.username,
        pass: decodeURIComponent(url.password),
      });
      const { streams } = await jetstreamManager(connection);
      const stream = topic.replaceAll('.', '_');
      const { state } = await streams.info(stream);
      await streams.update(stream, { max_msgs: Math.max(1, state.messages), discard: 'new' });
      return async () => {
        await streams.update(stream, { max_msgs: -1, discard: 'old' });
        await connection.close();
      };
    },
  },
  rabbitmq: {
    /** The exchange leads to no queue. */
    async refuse({ AMQP_URL = '' }, topic) {
      const connection = await connectAmqp(AMQP_URL);
      const channel = await connection.createChannel();
      const bindings = Array.from({ length: 60 }, (_, key) => ({
        queue: `inventory.${topic}.${key % partitions.before}`,
        key: String(key),
      }));
      for (const { queue, key } of bindings) await channel.unbindQueue(queue, topic, key);
      return async () => {
        for (const { queue, key } of bindings) await channel.bindQueue(queue, topic, key);
        await connection.close();
      };
    },
  },
  redis: {
    /** What is under the keys of its streams is no stream. */
    async refuse({ REDIS_URL = '' }, topic) {
      const client = await createClient({ url: REDIS_URL }).connect();
      const keys = Array.from(
        { length: partitions.before },
        (_, partition) => `{events}:${topic}:${partition}`,
      );
      const there: string[] = [];
      for (const key of keys) if ((await client.exists(key)) === 1) there.push(key);
      const away = (key: string): string => `${key}:away`;
      const aside = client.multi();
      for (const key of there) aside.rename(key, away(key));
      for (const key of keys) aside.set(key, 'no stream');
      await aside.exec();
      return async () => {
        const back = client.multi();
        for (const key of keys) back.del(key);
        for (const key of there) back.rename(away(key), key);
        await back.exec();
        await client.close();
      };
    },
  },
};

async function withKafka<T>(
  { KAFKA_BROKERS = '' }: Environment,
  run: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = new Admin({ clientId: 'chaos', bootstrapBrokers: KAFKA_BROKERS.split(',') });
  try {
    return await run(admin);
  } finally {
    await admin.close();
  }
}

async function setReplicas(
  environment: Environment,
  topic: string,
  replicas: number,
): Promise<void> {
  const config = {
    name: 'min.insync.replicas',
    value: String(replicas),
    configOperation: IncrementalAlterConfigOperationTypes.SET,
  };
  const resource = { resourceType: ConfigResourceTypes.TOPIC, resourceName: topic };
  await withKafka(environment, (admin) =>
    admin.incrementalAlterConfigs({ resources: [{ ...resource, configs: [config] }] }),
  );
}

async function countInAdded(admin: Admin, topics: readonly string[]): Promise<number> {
  const added = Array.from({ length: partitions.after - partitions.before }, (_, index) => ({
    partitionIndex: partitions.before + index,
    timestamp: -1n,
  }));
  const listed = await admin.listOffsets({
    topics: topics.map((name) => ({ name, partitions: added })),
  });
  const offsets = listed.flatMap((topic) => topic.partitions.map(({ offset }) => Number(offset)));
  return offsets.reduce((sum, offset) => sum + offset, 0);
}
