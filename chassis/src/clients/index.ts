export { type ClientConfig, clientConfig, clientConfigSchema } from './client-config.ts';
export { httpClient } from './connect.ts';
export type { HttpAnswer } from './http-answer.ts';
export {
  type CallOptions,
  type ClientTools,
  HttpClient,
  type Method,
  type RequestOptions,
} from './http-client.ts';
export { createPool } from './pool.ts';
export {
  isUpstreamFailure,
  judgeUpstream,
  RequestTooLargeError,
  UnusableAnswerError,
  UpstreamConnectionError,
  UpstreamError,
  unlessNotFound,
  withoutAnswer,
} from './upstream-error.ts';
