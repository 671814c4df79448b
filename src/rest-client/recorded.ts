import type { Api } from '../../templates/add-client/development/openapi/document.ts';
import {
  isRecord,
  listOf,
  recordOf,
} from '../../templates/add-client/development/openapi/schema.ts';

/**
 * What is recorded of a document: the operations that are taken, and the components that they refer to.
 * Of a document that refers to other parts of itself, all.
 */
export function recordedDocument(document: unknown, { operations }: Api): unknown {
  const { openapi, info, servers, paths, components } = recordOf(document);
  const taken = Object.entries(recordOf(paths)).flatMap(([path, item]) => {
    const methods = operations.filter((each) => each.path === path);
    const known = methods.map(({ method }) => method.toLowerCase());
    const kept = Object.entries(recordOf(item)).filter(
      ([key]) => known.includes(key) || key === 'parameters' || key === '$ref',
    );
    return methods.length === 0 ? [] : [[path, Object.fromEntries(kept)] as const];
  });
  const kept = Object.fromEntries(taken);
  const reached = reachedFrom(kept, recordOf(components));
  const { title = '', version = '' } = recordOf(info);
  const [server] = listOf(servers);
  return {
    openapi,
    info: { title, version },
    ...(server === undefined ? {} : { servers: [{ url: recordOf(server).url }] }),
    ...(reached === undefined ? { paths, components } : { paths: kept, components: reached }),
  };
}

type Components = Record<string, Record<string, unknown>>;

/** The components that something refers to, directly or not; `undefined` when it refers to others things. */
function reachedFrom(root: unknown, components: Record<string, unknown>): Components | undefined {
  const reached: Components = {};
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null) continue;
    pending.push(...Object.values(value));
    const reference = isRecord(value) ? value.$ref : undefined;
    if (typeof reference !== 'string') continue;
    const [, kind, name] = /^#\/components\/(\w+)\/([\w.-]+)$/.exec(reference) ?? [];
    if (kind === undefined || name === undefined || name === '__proto__') return undefined;
    const group = recordOf(components[kind]);
    const known = reached[kind] ?? {};
    if (Object.hasOwn(known, name) || !Object.hasOwn(group, name)) continue;
    reached[kind] = { ...known, [name]: group[name] };
    pending.push(group[name]);
  }
  return reached;
}
