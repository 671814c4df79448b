/** Fields that are for whoever answers, not for the next neighbour only; those of whole families end in `-`. */
const names = [
  ...['authorization', 'cookie', 'host', 'origin', 'range', 'date', 'via', 'forwarded'],
  ...[
    'x-forwarded-',
    'x-request-',
    'traceparent',
    'tracestate',
    'cache-control',
    'idempotency-key',
  ],
  ...['accept', 'accept-', 'content-', 'if-', 'transfer-encoding'],
];
const families = names.filter((name) => name.endsWith('-'));
const single = new Set(names);

/**
 * The field that a request's `Connection` names although it is for whoever answers, if there is one: it
 * would be checked here, and then taken out (RFC 9110, 7.6.1 forbids to name such a field).
 */
export function namedAgainstRules(connection: string | undefined): string | undefined {
  if (connection === undefined) return undefined;
  const named = connection.split(',').map((name) => name.trim().toLowerCase());
  return named.find((name) => single.has(name) || families.some((each) => name.startsWith(each)));
}
