import { camelCase, pascalCase, variablePrefix } from './naming.ts';
/** What a client is called in code. */
export interface ClientNames {
  /** `payments`: its folder. */
  readonly stem: string;
  /** `paymentsClient`: values. */
  readonly key: string;
  /** `PaymentsClient`: its class. */
  readonly type: string;
}

/** What the client of a service is called in code. */
export function clientNames(service: string): ClientNames {
  return {
    stem: service,
    key: `${camelCase(service)}Client`,
    type: `${pascalCase(service)}Client`,
  };
}

/** What stands for the placeholders of a client in templates. */
export function clientWords(service: string): Record<string, string> {
  const { key, type } = clientNames(service);
  return {
    __client__: service,
    __clientKey__: key,
    __ClientType__: type,
    __CLIENT__: variablePrefix(service),
  };
}

/** What stands for the placeholders of a client by gRPC in templates. */
export function grpcClientWords(service: string): Record<string, string> {
  const { key } = clientNames(service);
  return { ...clientWords(service), __grpc_client__: service, __grpcClientKey__: key };
}
