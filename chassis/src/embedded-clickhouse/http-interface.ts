import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** The user and password of the server in development and tests. */
export const credentials = { user: 'default', password: 'clickhouse' };

/** As much of the package `chdb` as is used here. */
export interface ChdbModule {
  readonly Session: new (folder: string) => Session;
}

/** A connection to the engine. */
interface Session {
  queryAsync(
    statements: string,
    options: { readonly format: string },
  ): Promise<{ readonly rowsRead: number; bytes(): Uint8Array }>;
  close(): void;
}

/** Parameters of a request that say nothing to the engine, only to a server in front of it. */
const notForTheEngine =
  /^(query|query_id|database|default_format|wait_end_of_query|enable_http_compression|(send_progress|http)_.*)$/;

/**
 * As much of ClickHouse's HTTP interface as `@clickhouse/client` uses, over the engine that `chdb`
 * runs in this process: queries and inserts with settings and parameters, `/ping`, and a password.
 * Users with rights of their own, sessions, compression and streamed results are not there.
 */
export function httpInterface(connect: () => Session): RequestListener {
  return (request, response) => {
    answer(connect, request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      const said = message.replace(/^.*?(?=Code: \d+)/s, '');
      const code = /Code: (\d+)/.exec(said)?.[1] ?? '1002';
      response.writeHead(code === '516' ? 403 : 500, { 'x-clickhouse-exception-code': code });
      response.end(`${said}\n`);
    });
  };
}

async function answer(
  connect: () => Session,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
  const body = Buffer.concat(await Array.fromAsync(request)).toString();
  if (pathname === '/ping') return void response.end('Ok.\n');
  authenticate(request);
  const query = [searchParams.get('query'), body].filter(Boolean).join('\n');
  const result = await run(connect, `${prologue(searchParams)}${query}`);
  const summary = JSON.stringify({ read_rows: String(result.rowsRead) });
  response.writeHead(200, { 'x-clickhouse-summary': summary }).end(result.bytes());
}

/** A connection of its own for each request, since what `SET` says stays with the connection. */
async function run(connect: () => Session, statements: string) {
  const session = connect();
  try {
    return await session.queryAsync(statements, { format: 'TabSeparated' });
  } finally {
    session.close();
  }
}

/** The database, settings and parameters of the request as statements in front of its query. */
function prologue(parameters: URLSearchParams): string {
  const database = parameters.get('database');
  const settings = [...parameters].filter(([name]) => !notForTheEngine.test(name));
  return [
    ...(database === null ? [] : [`USE \`${database.replaceAll('`', '')}\``]),
    ...settings.map(([name, value]) => `SET ${name.replace(/\W/g, '')} = ${literal(value)}`),
  ]
    .map((statement) => `${statement};\n`)
    .join('');
}

function literal(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function authenticate({ headers }: IncomingMessage): void {
  const [scheme, encoded = ''] = (headers.authorization ?? '').split(' ');
  const { user, password } = credentials;
  if (scheme === 'Basic' && atob(encoded) === `${user}:${password}`) return;
  throw new Error('Code: 516. DB::Exception: Authentication failed. (AUTHENTICATION_FAILED)');
}
