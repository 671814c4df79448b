/** Throws or rejects when a dependency cannot be used; must give up when the signal aborts. */
export type Check = (signal: AbortSignal) => Promise<void>;

/** How one dependency does. */
export interface CheckResult {
  readonly status: 'up' | 'down';
  readonly reason?: string;
}

const timeoutMs = 1000;
const sharedForMs = 500;

/**
 * Makes a function that runs all checks at once, each under its own timeout. Probes that come within
 * half a second share one result, so that they are no load of their own.
 */
export function sharedChecks(checks: ReadonlyMap<string, Check>) {
  let last: Promise<Record<string, CheckResult>> | undefined;
  let expires = 0;
  return (): Promise<Record<string, CheckResult>> => {
    if (last === undefined || performance.now() >= expires) {
      last = runAll(checks);
      expires = performance.now() + sharedForMs;
    }
    return last;
  };
}

async function runAll(checks: ReadonlyMap<string, Check>): Promise<Record<string, CheckResult>> {
  const results = [...checks].map(async ([name, check]) => [name, await runOne(check)] as const);
  return Object.fromEntries(await Promise.all(results));
}

async function runOne(check: Check): Promise<CheckResult> {
  const signal = AbortSignal.timeout(timeoutMs);
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${timeoutMs} ms`)));
  });
  try {
    await Promise.race([check(signal), givenUp]);
    return { status: 'up' };
  } catch (error) {
    return { status: 'down', reason: error instanceof Error ? error.message : String(error) };
  }
}
