export { type CollectedSpan, type Collector, startCollector } from './collector.ts';
export {
  answers,
  type Fault,
  type FaultyServer,
  faults,
  type Seen,
  startFaultyServer,
  status,
} from './faulty-server.ts';
