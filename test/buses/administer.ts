import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/**
 * What an administrator does to a bus behind the services' backs, by the clients that an emitted service
 * has: `node administer.ts FOLDER BUS ACT SERVICES TOPICS`, lists separated by commas.
 */
const [folder = '', bus = '', act = '', services = '', topics = ''] = process.argv.slice(2);
const { env } = process;

function load(name: string) {
  return import(pathToFileURL(createRequire(`${folder}/`).resolve(name)).href);
}

const names = topics.split(',');
const partitions = Array.from({ length: 60 }, (_, index) => index);

const acts: Record<string, () => Promise<void>> = {
  async 'kafka wipe'() {
    const admin = await kafka();
    const all: string[] = await admin.listTopics();
    await admin.deleteTopics({ topics: all.filter((topic) => !topic.startsWith('__')) });
    await admin.close();
  },
  async 'kafka add-partitions'() {
    const admin = await kafka();
    // The broker of the tests has the id 1; six were there before.
    const assignments = partitions.slice(0, 6).map(() => ({ brokerIds: [1] }));
    await admin.createPartitions({
      topics: names.map((name) => ({ name, count: 12, assignments })),
    });
    await admin.close();
  },
  async 'nats wipe'() {
    const { jsm, close } = await nats();
    for await (const { config } of jsm.streams.list()) await jsm.streams.delete(config.name);
    await close();
  },
  async 'nats add-partitions'() {
    const { jsm, close } = await nats();
    for (const topic of names) {
      const subjects = partitions.slice(0, 12).map((number) => `${topic}.${number}`);
      await jsm.streams.update(topic.replaceAll('.', '_'), { subjects });
    }
    await close();
  },
  async 'nats talk-nonsense'() {
    const { connection, close } = await nats();
    const every = Uint8Array.from(Array.from({ length: 256 }, (_, byte) => byte));
    const texts = ['', 'hello', '{', 'null', '[]', '{"id":1}', '{"id":"x","topics":null}'];
    for (const words of [...texts, every, 'x'.repeat(500_000)])
      connection.publish(`_instances.${services}`, words);
    await connection.flush();
    await close();
  },
  async 'rabbitmq wipe'() {
    const { channel, close } = await rabbit();
    for (const topic of names) {
      await channel.deleteExchange(topic);
      for (const service of services.split(','))
        for (const number of partitions) await channel.deleteQueue(`${service}.${topic}.${number}`);
    }
    await close();
  },
  async 'rabbitmq delete-queues'() {
    const { channel, close } = await rabbit();
    for (const service of services.split(','))
      for (const topic of names)
        for (const number of partitions) await channel.deleteQueue(`${service}.${topic}.${number}`);
    await close();
  },
  async 'redis wipe'() {
    const { createClient } = await load('@redis/client');
    const client = createClient({ url: env.REDIS_URL });
    await client.connect();
    await client.sendCommand(['FLUSHALL']);
    client.destroy();
  },
};

async function kafka() {
  const { Admin } = await load('@platformatic/kafka');
  return new Admin({ clientId: 'admin', bootstrapBrokers: env.KAFKA_BROKERS?.split(',') });
}

async function nats() {
  const { connect } = await load('@nats-io/transport-node');
  const { jetstreamManager } = await load('@nats-io/jetstream');
  const { username, password, host } = new URL(env.NATS_URL ?? '');
  const pass = decodeURIComponent(password);
  const connection = await connect({ servers: host, user: username, pass });
  return { connection, jsm: await jetstreamManager(connection), close: () => connection.close() };
}

async function rabbit() {
  const { connect } = await load('amqplib');
  const connection = await connect(env.AMQP_URL ?? '');
  return { channel: await connection.createChannel(), close: () => connection.close() };
}

await acts[`${bus} ${act}`]?.();
