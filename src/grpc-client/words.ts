import { clientNames, clientWords } from '../rest-client/names.ts';

/** What stands for the placeholders of a client by gRPC in templates. */
export function grpcClientWords(service: string): Record<string, string> {
  const { key } = clientNames(service);
  return { ...clientWords(service), __grpc_client__: service, __grpcClientKey__: key };
}
