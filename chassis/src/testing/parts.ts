import { importAll } from '../modules/index.ts';

type Variables = Readonly<Record<string, string>>;

/** What takes the place of servers in the same process, and variables that satisfy their configuration. */
export interface StandIn {
  readonly environment: Variables;
  /** What the service is built from besides its configuration. */
  readonly options: object;
}

/** What a service under test needs of one kind of server. */
export interface TestPart {
  /** Variables of servers that are really there. */
  readonly environment?: Variables;
  readonly standIn?: StandIn;
}

/** All parts together. */
export interface TestParts {
  readonly environment: Variables;
  readonly standIns: StandIn;
}

/** Makes everything that a service under test needs, anew: what the files `part-*.ts` of a folder return. */
export async function testPartsIn(folder: string | URL): Promise<TestParts> {
  const parts: TestPart[] = [];
  for (const make of await importAll(folder, 'part-*.ts', isPart)) parts.push(await make());
  const standIns = parts.flatMap(({ standIn }) => standIn ?? []);
  return {
    environment: merged(parts.map(({ environment = {} }) => environment)),
    standIns: {
      environment: merged(standIns.map(({ environment }) => environment)),
      options: Object.assign({}, ...standIns.map(({ options }) => options)),
    },
  };
}

function merged(all: readonly Variables[]): Variables {
  return Object.assign({}, ...all);
}

function isPart(value: unknown): value is () => Promise<TestPart> {
  return typeof value === 'function';
}
