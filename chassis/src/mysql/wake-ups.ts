import type { WakeUps } from '../outbox/index.ts';
import type { Commits } from '../relational/index.ts';
import { hasWritten } from './outbox.ts';

/**
 * Calls back whenever a commit of this instance wrote to the outbox. MySQL cannot tell of those of
 * other instances, who wake their own relays; should one of them end just then, the others find its
 * events when they look by themselves.
 */
export function commitsOf(commits: Commits, wake: () => void): WakeUps {
  const onCommit = (transaction: object): void => {
    if (hasWritten(transaction)) wake();
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
