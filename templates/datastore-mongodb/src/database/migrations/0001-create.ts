import type { Db } from 'mongodb';
import { createValidatedCollection } from 'service-chassis/mongodb';

export async function up(db: Db): Promise<void> {
  await createValidatedCollection(db, '__service_snake__', {
    bsonType: 'object',
    required: ['_id'],
    properties: {
      _id: { bsonType: 'string' },
      aggregate: {
        bsonType: 'object',
        required: ['id', 'reference', 'status', 'version', 'createdAt', 'updatedAt'],
        properties: {
          id: { bsonType: 'string' },
          reference: { bsonType: 'string', minLength: 1, maxLength: 200 },
          status: { enum: ['open', 'closed'] },
          version: { bsonType: 'int', minimum: 1 },
          createdAt: { bsonType: 'date' },
          updatedAt: { bsonType: 'date' },
        },
      },
    },
  });
  await db
    .collection('__service_snake__')
    .createIndexes([
      { key: { 'aggregate.id': 1 }, name: 'aggregate_id', unique: true, sparse: true },
    ]);
}
