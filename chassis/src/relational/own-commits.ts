import type { WakeUps } from '../outbox/index.ts';
import type { Commits } from './dialect.ts';

const writers = new WeakSet<object>();

/** Notes that a transaction of this process has written to the outbox. */
export function noteWritten(transaction: object): void {
  writers.add(transaction);
}

/**
 * Calls back whenever a commit of this process wrote to the outbox: for databases that cannot tell of
 * those of other instances, who wake their own relays. Should one of them end just then, the others find
 * its events when they look by themselves.
 */
export function ownCommits(commits: Commits, wake: () => void): WakeUps {
  const onCommit = (transaction: object): void => {
    if (writers.has(transaction)) wake();
  };
  return {
    async listen() {
      if (!commits.listeners('committed').includes(onCommit)) commits.on('committed', onCommit);
    },
    async stop() {
      commits.off('committed', onCommit);
    },
  };
}
