import { clientConfig } from 'service-chassis/clients';

/**
 * Where the other service is, and how it is called: `__CLIENT___URL`, `__CLIENT___TOKEN`, and these limits
 * unless a variable (`__CLIENT___ATTEMPTS`, …) says otherwise. Times are milliseconds.
 */
export default clientConfig('__CLIENT__', {
  attemptTimeout: 5000,
  totalTimeout: 15_000,
  attempts: 3,
  backoffBase: 1000,
  backoffCap: 10_000,
  failuresToOpen: 5,
  failureRateToOpen: 0.5,
  callsForRate: 20,
  rateWindow: 10_000,
  openFor: 30_000,
  probesToClose: 2,
  running: 10,
  waiting: 20,
});
