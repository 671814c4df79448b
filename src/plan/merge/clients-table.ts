import { withRows } from './readme-table.ts';

/** One line of the README's table of clients. */
export interface ClientRow {
  /** The name of the service that is called. */
  readonly name: string;
  /** What the client is called in code: `paymentsClient`. */
  readonly key: string;
  /** What its variables begin with. */
  readonly prefix: string;
}

const nextSection = '## Operation';

/**
 * Adds rows to the table between the markers, and touches nothing else. A README without the markers
 * gets the section that has them, before that on operation.
 *
 * @returns `undefined` when there is no place for it.
 */
export function withClientRows(markdown: string, rows: readonly ClientRow[]): string | undefined {
  const whole = markdown.includes('<!-- clients -->') ? markdown : withSection(markdown);
  if (whole === undefined) return undefined;
  const added = rows.map(
    ({ name, key, prefix }) =>
      `| ${name} | \`app.${key}\` | \`${prefix}_URL\`, \`${prefix}_TOKEN\`, \`${prefix}_…\` |`,
  );
  return withRows(whole, 'clients', added);
}

const section = `
## Services called

A client is a folder of \`src/clients\`. Its methods are the operations of the OpenAPI document that was recorded beside
it (\`openapi.json\`), and answers are checked against that document. Routes find the client at \`app\`, event handlers at
the \`app\` that their \`prepare\` is given. \`npm test\` fails when the service that is called no longer fits the
recorded document. In development and tests a stand-in answers from the document, unless an address is set. A call takes a
\`timeout\` and a \`signal\`. The limits of the policy are variables: \`…_ATTEMPT_TIMEOUT_MS\`, \`…_TOTAL_TIMEOUT_MS\`,
\`…_ATTEMPTS\`, \`…_CIRCUIT_FAILURES\`, \`…_CONCURRENCY\` and others (\`clientConfigSchema\` of \`service-chassis/clients\`).
A gRPC client takes a method of the proto that was copied to \`proto/\` and its message:
\`app.paymentsClient.call(PaymentService.method.get, { id })\`. It needs the service itself, or a server of the test.

<!-- clients -->
| service | client | variables |
| --- | --- | --- |
<!-- /clients -->
`;

function withSection(markdown: string): string | undefined {
  const lineEnd = markdown.includes('\r\n') ? '\r\n' : '\n';
  const at = markdown.indexOf(`${lineEnd}${nextSection}`);
  return at < 0
    ? undefined
    : markdown.slice(0, at) + section.replaceAll('\n', lineEnd) + markdown.slice(at);
}
