/** The same variables, with a proxy's port where the server's stands. */
export function throughProxy(
  environment: Readonly<Record<string, string>>,
  port: number,
  proxyPort: number,
): Record<string, string> {
  const entries = Object.entries(environment);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value.replaceAll(`:${port}`, `:${proxyPort}`)]),
  );
}
