import { clientConfig } from 'service-chassis/clients';

/** Where the other service listens for gRPC, and how it is called. */
export default clientConfig('__CLIENT__');
