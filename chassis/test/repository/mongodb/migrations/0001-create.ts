import type { Db } from 'mongodb';
import { createValidatedCollection } from '../../../../src/mongodb/index.ts';
import { collection } from '../notes.ts';

export async function up(db: Db): Promise<void> {
  await createValidatedCollection(db, collection, {
    bsonType: 'object',
    required: ['_id'],
    properties: { _id: { bsonType: 'string' }, aggregate: { bsonType: 'object' } },
  });
  await db
    .collection(collection)
    .createIndexes([
      { key: { 'aggregate.id': 1 }, name: 'aggregate_id', unique: true, sparse: true },
    ]);
}
