import type { Addition, Surroundings } from '../src/add/addition.ts';
import { fileOfEndpoint } from '../src/add/declared-endpoints.ts';
import { routeFile, routeTest } from '../src/add/route-file.ts';
import { checkEndpoint, endpointStem, splitEndpoint } from '../src/answers/endpoint-name.ts';
import type { Verdict } from '../src/answers/verdict.ts';

/** A request that the service answers. */
export const endpoint: Addition = {
  kind: 'endpoint',
  description:
    'a request to answer: its route with schemas, which are its entry in OpenAPI, a test',
  example: '"POST /orders/{id}/cancel"',
  needs: 'api',

  questions: (around) => [
    {
      key: 'name',
      flag: 'name',
      noun: 'endpoint',
      question: 'Which request?',
      help: 'a method and a path, with parameters in braces: POST /orders/{id}/cancel',
      check: (text) => checkNewEndpoint(text, around),
    },
  ],

  emit({ name = '' }, { service }) {
    const added = splitEndpoint(name);
    const stem = endpointStem(added);
    return {
      does: `answers ${name}`,
      layers: [],
      words: {},
      files: [
        { path: `src/routes/${stem}.ts`, contents: routeFile(added, service.manifest.name) },
        { path: `test/routes/${stem}.test.ts`, contents: routeTest(added) },
      ],
    };
  },
};

function checkNewEndpoint(text: string, around: Surroundings | undefined): Verdict {
  const verdict = checkEndpoint(text);
  if (!verdict.ok || around === undefined) return verdict;
  const file = fileOfEndpoint(around.service.tree, splitEndpoint(verdict.value));
  return file === undefined ? verdict : { ok: false, reason: `is there already, in ${file}` };
}
