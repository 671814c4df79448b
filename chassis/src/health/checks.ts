/** Throws or rejects when a dependency cannot be used; must give up when the signal aborts. */
export type Check = (signal: AbortSignal) => Promise<void>;

/** What is asked of a dependency. */
export interface NamedCheck {
  readonly check: Check;
  /** Whether callers cannot be served without it; otherwise it is shown, and no more. */
  readonly required: boolean;
  /** Whether the service has not connected to it yet; nothing is asked before that. */
  isStarting(): boolean;
}

/** How one dependency does. */
export interface CheckResult {
  readonly status: 'up' | 'down' | 'starting';
  readonly reason?: string;
}

const timeoutMs = 1000;
const sharedForMs = 500;

export type CheckResults = Readonly<Record<string, CheckResult>>;

/**
 * Makes a function that runs all checks at once, each under its own timeout. Probes that come within
 * half a second share one result, so that they are no load of their own.
 *
 * @param onChange is told when what was up goes down, and when it is up again.
 */
export function sharedChecks(
  checks: ReadonlyMap<string, NamedCheck>,
  onChange: (name: string, result: CheckResult) => void,
): () => Promise<CheckResults> {
  const down = new Set<string>();
  let last: Promise<CheckResults> | undefined;
  let expires = 0;
  const notice = (results: CheckResults): CheckResults => {
    for (const [name, result] of Object.entries(results)) {
      const isDown = result.status === 'down';
      if (isDown === down.has(name) || result.status === 'starting') continue;
      if (isDown) down.add(name);
      else down.delete(name);
      onChange(name, result);
    }
    return results;
  };
  return () => {
    if (last === undefined || performance.now() >= expires) {
      last = runAll(checks).then(notice);
      expires = performance.now() + sharedForMs;
    }
    return last;
  };
}

async function runAll(checks: ReadonlyMap<string, NamedCheck>): Promise<CheckResults> {
  const results = [...checks].map(async ([name, check]) => [name, await runOne(check)] as const);
  return Object.fromEntries(await Promise.all(results));
}

async function runOne({ check, isStarting }: NamedCheck): Promise<CheckResult> {
  if (isStarting()) return { status: 'starting' };
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
