import { MongoClient } from 'mongodb';

export async function open(url: string) {
  const client = await new MongoClient(url, { maxPoolSize: 10 }).connect();
  const orders = client.db().collection('orders');
  return {
    async find(id: string) {
      const { aggregate } = await orders.findOne({ _id: id }, { projection: { aggregate: 1 } });
      const { createdAt, updatedAt, ...same } = aggregate;
      return { ...same, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
    },
    async insert({ id, reference, status, version, now }) {
      const aggregate = { id, reference, status, version, createdAt: now, updatedAt: now };
      await orders.insertOne({ _id: id, aggregate });
    },
  };
}
