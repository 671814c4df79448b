import { connect } from 'amqplib';

const connection = await connect(process.env.AMQP_URL ?? '');

/** The exchange takes nothing from clients any more. */
export async function refuse(topic: string): Promise<void> {
  await declare(topic, true);
}

export async function mend(topic: string): Promise<void> {
  await declare(topic, false);
}

async function declare(topic: string, internal: boolean): Promise<void> {
  const channel = await connection.createChannel();
  await channel.deleteExchange(topic);
  await channel.assertExchange(topic, 'direct', { durable: true, internal });
  await channel.close();
}

export const close = (): Promise<void> => connection.close();
