import { Counter, Gauge, type Registry } from 'prom-client';
import { sharedState } from '../copies/index.ts';

/** How calls ended: what the dependency did, what the caller did, and what the policy did. */
export interface CallCounts {
  success: number;
  /** An answer, but one that says no: 4xx other than 429. */
  refused: number;
  failure: number;
  cancelled: number;
  /** Not made: something was wrong with the request, or with the code that makes it. */
  local: number;
  /** Rejected at once: the circuit was open. */
  open: number;
  /** Rejected at once: as many ran and waited as may. */
  full: number;
}

export function noCalls(): CallCounts {
  return { success: 0, refused: 0, failure: 0, cancelled: 0, local: 0, open: 0, full: 0 };
}

/** What a policy shows of itself; plain numbers, so that counting costs a call next to nothing. */
export interface PolicyState {
  readonly dependency: string;
  readonly circuit: () => keyof typeof circuitStates;
  readonly calls: CallCounts;
  readonly retries: { made: number; over_budget: number };
  readonly bulkhead: () => { running: number; waiting: number };
}

const circuitStates = { closed: 0, open: 1, 'half-open': 2 } as const;
const shown: WeakMap<WeakKey, PolicyState[]> = sharedState(
  'policies',
  (value) => value instanceof WeakMap,
  () => new WeakMap<WeakKey, PolicyState[]>(),
);

/** Shows a policy among the process's metrics, which read it whenever they are asked for. */
export function showPolicy(metrics: Registry, policy: PolicyState): void {
  const known = shown.get(metrics);
  if (known !== undefined) {
    known.push(policy);
    return;
  }
  const policies = [policy];
  shown.set(metrics, policies);
  showStates(metrics, policies);
  showCounts(metrics, policies);
}

function showStates(metrics: Registry, policies: readonly PolicyState[]): void {
  new Gauge({
    name: 'circuit_breaker_state',
    help: '0 closed, 1 open, 2 half-open',
    labelNames: ['dependency'],
    registers: [metrics],
    collect() {
      for (const { dependency, circuit } of policies)
        this.set({ dependency }, circuitStates[circuit()]);
    },
  });
  new Gauge({
    name: 'bulkhead_calls',
    help: 'Calls that run, and that wait for a place',
    labelNames: ['dependency', 'state'],
    registers: [metrics],
    collect() {
      for (const { dependency, bulkhead } of policies) {
        for (const [state, calls] of Object.entries(bulkhead()))
          this.set({ dependency, state }, calls);
      }
    },
  });
}

function showCounts(metrics: Registry, policies: readonly PolicyState[]): void {
  const count = (name: string, help: string, of: (policy: PolicyState) => object) =>
    new Counter({
      name,
      help,
      labelNames: ['dependency', 'outcome'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const policy of policies) {
          for (const [outcome, calls] of Object.entries(of(policy)))
            this.inc({ dependency: policy.dependency, outcome }, calls);
        }
      },
    });
  count('dependency_calls_total', 'Calls by how they ended', ({ calls }) => calls);
  count('dependency_retries_total', 'Retries made, and not made', ({ retries }) => retries);
}
