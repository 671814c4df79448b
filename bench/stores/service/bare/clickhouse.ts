import { createClient } from '@clickhouse/client';

export async function open(url: string) {
  const client = createClient({
    url,
    max_open_connections: 10,
    clickhouse_settings: { date_time_input_format: 'best_effort', date_time_output_format: 'iso' },
  });
  return {
    async find(id: string) {
      const result = await client.query({
        // The table keeps every version.
        query: 'select * from orders where id = {id:String} order by version desc limit 1',
        query_params: { id },
        format: 'JSONEachRow',
      });
      const [{ reference, status, version, created_at, updated_at }] = await result.json();
      const [createdAt, updatedAt] = [new Date(created_at), new Date(updated_at)];
      return {
        ...{ id, reference, status, version: Number(version) },
        ...{ createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() },
      };
    },
    async insert({ id, reference, status, version, now }) {
      const time = now.toISOString();
      const row = { id, reference, status, version, created_at: time, updated_at: time };
      await client.insert({ table: 'orders', values: [row], format: 'JSONEachRow' });
    },
  };
}
