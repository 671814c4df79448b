import { DatabaseSync } from 'node:sqlite';

export async function open(url: string) {
  const database = new DatabaseSync(url.slice('file:'.length));
  database.exec('pragma journal_mode = wal');
  database.exec('pragma synchronous = full');
  const find = database.prepare('select * from orders where id = ?');
  const insert = database.prepare('insert into orders values (?, ?, ?, ?, ?, ?)');
  return {
    async find(id: string) {
      const { created_at, updated_at, ...same } = find.get(id) ?? {};
      return { ...same, createdAt: created_at, updatedAt: updated_at };
    },
    async insert({ id, reference, status, version, now }) {
      const time = now.toISOString();
      insert.run(id, reference, status, version, time, time);
    },
  };
}
