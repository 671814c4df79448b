/** By these a platform, a terminal or a package manager ends a process. */
export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

export type StopSignal = (typeof stopSignals)[number];

/** What the process does at a signal. */
export interface Signals {
  /** From now on, this is called at every signal, in place of the listener before. */
  handle(listener: (signal: StopSignal) => void): void;
}

/**
 * Listens for signals from now on. Until somebody else handles them there is nothing to close, and a
 * signal ends the process with 0. It imports nothing, so that it is there at once: the first process of
 * a container gets no signal that it does not listen for, and would run on until it is killed.
 */
export function listenForSignals(): Signals {
  let current: (signal: StopSignal) => void = () => process.exit(0);
  for (const signal of stopSignals) process.on(signal, () => current(signal));
  return {
    handle: (listener) => {
      current = listener;
    },
  };
}

/**
 * A signal to a package manager that runs a script ends it and its shell, but not always what runs in
 * them: a process that it started stops when its parent is gone, instead of holding the port as an
 * orphan. They all set `npm_lifecycle_event`.
 */
export function endWithPackageManager(environment: NodeJS.ProcessEnv): void {
  if (environment.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 200).unref();
}
