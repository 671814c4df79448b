/** `node broker/main.ts BUS refuse|mend|limit TOPIC [BYTES]`: changes what the real broker takes. */
const [bus, change, topic, bytes] = process.argv.slice(2);
const broker = await import(`./${bus}.ts`);
await broker[change ?? ''](topic, Number(bytes));
await broker.close();
