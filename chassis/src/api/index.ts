// Its declarations let routes say `tags`, `summary` and `operationId`.
import '@fastify/swagger';

export { entityTagOf } from './entity-tags.ts';
export { type ApiInfo, describeApi } from './openapi.ts';
export { plainText } from './plain-text.ts';
export {
  isNotModified,
  preconditionHeaders,
  writeCondition,
  writePreconditionHeaders,
} from './preconditions.ts';
export { type AnswerHeaders, json, jsonWithEntityTag, notFound, problems } from './responses.ts';
