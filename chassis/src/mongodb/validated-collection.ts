import { type Db, type Document, MongoServerError } from 'mongodb';

/** What servers answer that speak MongoDB's protocol but have no validators, such as FerretDB. */
const notImplemented = [115, 238];
const namespaceExists = 48;

/**
 * Creates a collection whose documents the server holds against a JSON schema. It may be there
 * already, made by a migration that crashed.
 */
export async function createValidatedCollection(
  db: Db,
  name: string,
  schema: Document,
): Promise<void> {
  await create(db, name, { validator: { $jsonSchema: schema } }).catch((error: unknown) => {
    const isWithout =
      error instanceof MongoServerError && notImplemented.includes(Number(error.code));
    if (!isWithout) throw error;
    return create(db, name, {});
  });
}

async function create(db: Db, name: string, options: Document): Promise<void> {
  try {
    await db.createCollection(name, options);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === namespaceExists)) throw error;
  }
}
