import { CircuitOpenError } from './rejection.ts';
import { SlidingWindow } from './sliding-window.ts';

/** When a circuit opens and closes. Times are milliseconds. */
export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failuresToOpen: number;
  /** Part of the calls in the window that must fail to open it, from 0 to 1, … */
  readonly failureRateToOpen: number;
  /** … when there were at least so many. */
  readonly callsForRate: number;
  readonly rateWindow: number;
  /** How long it rejects before it admits a probe. */
  readonly openFor: number;
  /** Probes, one after the other, that must succeed to close it; one that fails opens it again. */
  readonly probesToClose: number;
}

type State =
  | { readonly kind: 'closed'; failuresInRow: number; readonly recent: SlidingWindow }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open'; successes: number; probing: boolean };

/** The state that a call was admitted in: its outcome counts only while that state lasts. */
export type Ticket = State;

/** How long callers should wait for the outcome of a probe that is on its way. */
const probeMs = 1000;

/**
 * The circuit breaker of one dependency (Nygard, Release It!). Not cockatiel's, which admits several
 * probes at once and lets other calls wait for them, takes a probe that its caller cancelled for a
 * success, and lets a call that was refused (an answer, after all) neither end a row of failures nor
 * count. Times are those of `performance.now()`.
 */
export class CircuitBreaker {
  readonly #dependency: string;
  readonly #options: CircuitOptions;
  readonly #onChange: (state: State['kind']) => void;
  #state: State;

  constructor(
    dependency: string,
    options: CircuitOptions,
    onChange: (state: State['kind']) => void,
  ) {
    this.#dependency = dependency;
    this.#options = options;
    this.#onChange = onChange;
    this.#state = this.#closed();
  }

  get state(): State['kind'] {
    return this.#state.kind;
  }

  /** @throws CircuitOpenError when a call would not be admitted now. */
  check(now: number): void {
    const state = this.#state;
    if (state.kind === 'closed') return;
    const rejectsFor = state.kind === 'open' ? state.until - now : state.probing ? probeMs : 0;
    if (rejectsFor > 0) throw new CircuitOpenError(this.#dependency, rejectsFor);
  }

  /** Admits a call, as a probe when the circuit is not closed. @throws CircuitOpenError */
  admit(now: number): Ticket {
    this.check(now);
    if (this.#state.kind === 'open') {
      this.#become({ kind: 'half-open', successes: 0, probing: false });
    }
    if (this.#state.kind === 'half-open') this.#state.probing = true;
    return this.#state;
  }

  /** The dependency answered, though it may have refused. */
  succeeded(ticket: Ticket, now: number): void {
    if (ticket !== this.#state) return;
    if (ticket.kind === 'closed') {
      ticket.failuresInRow = 0;
      ticket.recent.add(now, false);
      // This may be the call with which there are enough to tell.
      if (this.#isTooMuch(ticket)) this.#open(now);
    } else if (ticket.kind === 'half-open') {
      ticket.probing = false;
      ticket.successes += 1;
      if (ticket.successes >= this.#options.probesToClose) this.#become(this.#closed());
    }
  }

  failed(ticket: Ticket, now: number): void {
    if (ticket !== this.#state) return;
    if (ticket.kind === 'closed') {
      ticket.failuresInRow += 1;
      ticket.recent.add(now, true);
      if (!this.#isTooMuch(ticket)) return;
    }
    this.#open(now);
  }

  /** Whether the state still lasts that a call was admitted in. */
  isCurrent(ticket: Ticket): boolean {
    return ticket === this.#state;
  }

  /** The caller gave up, or could not ask: that says nothing of the dependency, and a probe's place is free again. */
  cancelled(ticket: Ticket): void {
    if (ticket === this.#state && ticket.kind === 'half-open') ticket.probing = false;
  }

  #isTooMuch({ failuresInRow, recent }: Extract<State, { kind: 'closed' }>): boolean {
    const { failuresToOpen, failureRateToOpen, callsForRate } = this.#options;
    if (failuresInRow >= failuresToOpen) return true;
    return recent.all >= callsForRate && recent.marked >= failureRateToOpen * recent.all;
  }

  #closed(): State {
    return {
      kind: 'closed',
      failuresInRow: 0,
      recent: new SlidingWindow(this.#options.rateWindow),
    };
  }

  #open(now: number): void {
    this.#become({ kind: 'open', until: now + this.#options.openFor });
  }

  #become(state: State): void {
    this.#state = state;
    this.#onChange(state.kind);
  }
}
