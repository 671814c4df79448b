import type { StandIns, Substitute, Variables } from '../stand-ins/index.ts';

/** Has something done when the test that runs is over, as vitest's `onTestFinished` does. */
export type OnFinished = (cleanUp: () => Promise<void> | void) => void;

/** What a service under test is given, for one test. */
export interface Isolated {
  /** Variables of servers that are really there, for a process of its own, too. */
  readonly environment: Variables;
  /** What stands in for servers in this process. */
  readonly inProcess: {
    /** Variables that satisfy the configuration, though nobody listens there. */
    readonly environment: Variables;
    /** What the service is built from besides its configuration. */
    readonly options: object;
  };
}

/** Makes everything anew that a service under test needs of its servers. It ends with the test. */
export async function isolated(
  standIns: StandIns,
  environment: NodeJS.ProcessEnv,
  onFinished: OnFinished,
): Promise<Isolated> {
  const substitutes: Substitute[] = [];
  for (const standIn of Object.values(standIns)) {
    const substitute = await standIn.isolate(environment);
    onFinished(() => substitute.stop?.());
    substitutes.push(substitute);
  }
  const inProcess = substitutes.flatMap((substitute) => substitute.inProcess ?? []);
  return {
    environment: Object.assign({}, ...substitutes.map((substitute) => substitute.environment)),
    inProcess: {
      environment: Object.assign({}, ...inProcess.map((each) => each.environment)),
      options: Object.assign({}, ...inProcess.map((each) => each.options)),
    },
  };
}

/**
 * Starts what all tests of a run share, and puts its variables into an environment, that of the process
 * which the tests get theirs from. Returns what stops it.
 */
export async function startShared(
  standIns: StandIns,
  environment: NodeJS.ProcessEnv,
): Promise<() => Promise<void>> {
  const started: Substitute[] = [];
  const stopAll = async (): Promise<void> => {
    for (const substitute of started.splice(0).reverse()) await substitute.stop?.();
  };
  try {
    for (const { share } of Object.values(standIns)) {
      if (share === undefined) continue;
      const substitute = await share(environment);
      started.push(substitute);
      Object.assign(environment, substitute.environment);
    }
  } catch (error) {
    await stopAll();
    throw error;
  }
  return stopAll;
}
