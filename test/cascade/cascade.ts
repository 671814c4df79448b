import { setTimeout as delay } from 'node:timers/promises';
import { type Chain, startChain, type Undo } from './chain.ts';
import { type Answer, type Load, quantile, startLoad } from './load.ts';
import { type Peaks, watch } from './samples.ts';

/** How a run goes. Times are seconds, rates requests in a second. */
export interface CascadeOptions {
  /** See `startChain`. */
  readonly policy: Readonly<Record<string, string>> | 'off';
  /** Of what needs the orders service alone. */
  readonly ownRate: number;
  /** Of what needs the whole chain. */
  readonly chainRate: number;
  readonly calm: number;
  readonly hanging: number;
  readonly dead: number;
  /** How long to wait for the chain to recover. */
  readonly recovery: number;
  readonly tell: (line: string) => void;
}

/** What was seen in one phase. Times are milliseconds. */
interface Phase {
  readonly own: { readonly p99: number; readonly failed: number; readonly answered: number };
  readonly chain: {
    readonly served: number;
    readonly shed: number;
    readonly failed: number;
    /** Of those that were shed. */
    readonly shedP99: number;
    readonly unanswered: number;
  };
  readonly peaks: Peaks;
}

/** What a run has shown. */
export interface CascadeFigures {
  readonly calm: Phase;
  /** From when the circuits had time to open, on: no attempt takes longer. */
  readonly hanging: Phase;
  readonly dead: Phase;
  /** Seconds from when stock was ready again until all requests of a second were served; -1 for never. */
  readonly recoveredAfter: number;
  /** The most requests that stock got in one second after its return, by the rate of the load. */
  readonly herd: number;
}

/**
 * Three services in a chain behind a gateway, under steady load: the last one hangs, then dies, then
 * returns.
 */
export async function runCascade(options: CascadeOptions): Promise<CascadeFigures> {
  const undo: Undo = [];
  try {
    options.tell('emitting and starting the chain');
    const chain = await startChain(options.policy, undo);
    return await observe(chain, options, undo);
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** Milliseconds in which the first calls of a phase fail and open the circuits. */
const settling = 6000;

async function observe(chain: Chain, options: CascadeOptions, undo: Undo): Promise<CascadeFigures> {
  const { gateway, stock } = chain;
  const own = startLoad(`${gateway.url}/api/orders?limit=1`, options.ownRate);
  const through = startLoad(`${gateway.url}/api/orders/through`, options.chainRate);
  const samples = watch({ gateway, orders: chain.orders, payments: chain.payments });
  undo.push(own.stop, through.stop, samples.stop);
  // The first second's requests wait for connections and for code that is not compiled yet.
  await delay(2000);
  const during = async (what: string, seconds: number, settled = 0): Promise<Phase> => {
    options.tell(`${what} for ${seconds} s`);
    const from = performance.now() + settled;
    await delay(seconds * 1000);
    const until = performance.now();
    const phase = phaseOf(own, through, from, until);
    return { ...phase, peaks: samples.peaks(from - settled, until) };
  };
  const calm = await during('calm', options.calm);
  process.kill(stock.pid, 'SIGSTOP');
  const hanging = await during('stock hangs', options.hanging, settling);
  await stock.end('SIGKILL');
  const dead = await during('stock is dead', options.dead);
  stock.start();
  await stock.untilReady();
  options.tell('stock is back');
  const returned = performance.now();
  const herd = mostInOneSecond(stock.url, options.recovery);
  const recoveredAfter = await recovery(through, returned, options);
  return { calm, hanging, dead, recoveredAfter, herd: (await herd()) / options.chainRate };
}

function phaseOf(own: Load, through: Load, from: number, until: number): Omit<Phase, 'peaks'> {
  const within = ({ answers }: Load) => answers.filter(({ at }) => at >= from && at < until);
  const [ownAnswers, chainAnswers] = [within(own), within(through)];
  const served = chainAnswers.filter(({ status }) => status === 200);
  const shed = chainAnswers.filter(({ status }) => status === 503);
  const unanswered = chainAnswers.filter(({ status }) => status === 0);
  return {
    own: {
      p99: quantile(ownAnswers, 0.99),
      failed: ownAnswers.filter(({ status }) => status !== 200).length,
      answered: ownAnswers.length,
    },
    chain: {
      served: served.length,
      shed: shed.length,
      failed: chainAnswers.length - served.length - shed.length - unanswered.length,
      shedP99: quantile(shed, 0.99),
      unanswered: unanswered.length,
    },
  };
}

/** Waits for a whole second in which every request of the chain was served, as many as were sent. */
async function recovery(
  through: Load,
  returned: number,
  { recovery, chainRate }: CascadeOptions,
): Promise<number> {
  while (performance.now() - returned < recovery * 1000) {
    await delay(200);
    const since = Math.max(returned, performance.now() - 1000);
    const last: readonly Answer[] = through.answers.filter(({ at }) => at >= since);
    const allServed = last.every(({ status }) => status === 200);
    if (allServed && last.length >= chainRate * 0.8) return (since - returned) / 1000;
  }
  return -1;
}

/** Counts what a service is asked, second by second; the returned function says the most of any. */
function mostInOneSecond(url: string, seconds: number): () => Promise<number> {
  let most = 0;
  let isOver = false;
  const counting = (async () => {
    let before = await requestsOf(url);
    for (let second = 0; second < seconds && !isOver; second += 1) {
      await delay(1000);
      const now = await requestsOf(url);
      most = Math.max(most, now - before);
      before = now;
    }
  })();
  return async () => {
    isOver = true;
    await counting;
    return most;
  };
}

async function requestsOf(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const counts = text.matchAll(
    /^http_request_duration_seconds_count\{[^}]*route="\/stock"[^}]*\} (\d+)/gm,
  );
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}
