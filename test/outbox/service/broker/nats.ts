import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const { host, username, password } = new URL(process.env.NATS_URL ?? '');
const login = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
const connection = await connect({ servers: host, ...login });
const { streams } = await jetstreamManager(connection);
const nameOf = (topic: string): string => topic.replaceAll('.', '_');

/** Nobody is there any more who would store the topic's messages. */
export async function refuse(topic: string): Promise<void> {
  const { config } = await streams.info(nameOf(topic));
  await streams.update(nameOf(topic), { ...config, subjects: [`away.${topic}`] });
}

export async function mend(topic: string): Promise<void> {
  const { config } = await streams.info(nameOf(topic));
  const subjects = ['0', '1', '2'].map((partition) => `${topic}.${partition}`);
  await streams.update(nameOf(topic), { ...config, subjects });
}

export async function limit(topic: string, bytes: number): Promise<void> {
  const { config } = await streams.info(nameOf(topic));
  await streams.update(nameOf(topic), { ...config, max_msg_size: bytes });
}

export const close = (): Promise<void> => connection.close();
