export { type CollectedSpan, type Collector, startCollector } from './collector.ts';
export {
  type FakeUpstream,
  type Responder,
  type SeenRequest,
  startFakeUpstream,
} from './fake-upstream.ts';
export {
  answers,
  type Fault,
  type FaultyServer,
  faults,
  type Seen,
  startFaultyServer,
  status,
} from './faulty-server.ts';
export { type Isolated, isolated, type OnFinished, startShared } from './isolated.ts';
export { isProtoContract, type ProtoContract, protoBreaks } from './proto-breaks.ts';
export { quietly, type ServiceProcess, startProcess, whenStarted } from './started.ts';
