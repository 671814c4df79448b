import { createPool } from 'mysql2/promise';

export async function open(url: string) {
  const pool = createPool({ uri: url, connectionLimit: 10, timezone: 'Z' });
  return {
    async find(id: string) {
      const [rows] = await pool.query('select * from orders where id = ?', [id]);
      const { created_at, updated_at, ...same } = rows[0];
      return { ...same, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() };
    },
    async insert({ id, reference, status, version, now }) {
      await pool.query('insert into orders values (?, ?, ?, ?, ?, ?)', [
        ...[id, reference, status, version, now, now],
      ]);
    },
  };
}
