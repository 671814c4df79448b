import { Agent, get } from 'node:http';

/** One answer, or none: when it came, in milliseconds of `performance.now()`, and how long it took. */
export interface Answer {
  readonly at: number;
  /** 0 when there was none. */
  readonly status: number;
  readonly milliseconds: number;
}

/** A steady stream of requests, until it is stopped. */
export interface Load {
  readonly answers: readonly Answer[];
  stop(): void;
}

/**
 * Asks for a URL so often in a second, however long the answers take. Not by a tool that waits for one
 * answer before it asks again: its load would stop where this one piles up.
 */
export function startLoad(url: string, rate: number): Load {
  const answers: Answer[] = [];
  const agent = new Agent({ keepAlive: true });
  const started = performance.now();
  let sent = 0;
  const sending = setInterval(() => {
    const due = ((performance.now() - started) / 1000) * rate;
    for (; sent < due; sent += 1) ask(url, agent, (answer) => answers.push(answer));
  }, 5);
  return {
    answers,
    stop() {
      clearInterval(sending);
      agent.destroy();
    },
  };
}

function ask(url: string, agent: Agent, note: (answer: Answer) => void): void {
  const asked = performance.now();
  const end = (status: number): void => {
    const at = performance.now();
    note({ at, status, milliseconds: at - asked });
  };
  get(url, { agent }, (response) => {
    response.resume();
    response.once('end', () => end(response.statusCode ?? 0));
    response.once('error', () => end(0));
  }).once('error', () => end(0));
}

/** The quantile of how long answers took, in milliseconds. */
export function quantile(answers: readonly Answer[], share: number): number {
  const sorted = answers.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
