import pg from 'pg';

export async function open(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  return {
    async find(id: string) {
      const { rows } = await pool.query('select * from orders where id = $1', [id]);
      const { created_at, updated_at, ...same } = rows[0];
      return { ...same, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() };
    },
    async insert({ id, reference, status, version, now }) {
      await pool.query('insert into orders values ($1, $2, $3, $4, $5, $5)', [
        ...[id, reference, status, version, now],
      ]);
    },
  };
}
