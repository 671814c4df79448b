import type { Addition, Surroundings } from '../src/add/addition.ts';
import { aggregateFile, aggregateTest } from '../src/add/aggregate-file.ts';
import { publicQuestion } from '../src/add/public-question.ts';
import { routeConflict } from '../src/add/route-conflict.ts';
import {
  checkUpstream,
  upstreamLayers,
  upstreamNotes,
  upstreamsAround,
  upstreamVariable,
  upstreamWords,
} from '../src/add/upstream.ts';
import { checkRoutePath, stemOfPath } from '../src/answers/route-path.ts';
import type { Verdict } from '../src/answers/verdict.ts';

/** More services than this in one answer are too many to wait for. */
const mostParts = 10;

/** A path of a gateway that is answered by several services together. */
export const aggregate: Addition = {
  kind: 'aggregate',
  description: 'a path of a gateway, answered by several services together; a test',
  example: '/api/order-overview/{id} --from orders,payments --required orders',
  needs: 'gateway',

  questions: (around, { from = '' }) => [
    {
      key: 'name',
      flag: 'name',
      noun: 'path',
      question: 'Which path?',
      help: 'what callers ask for, with parameters in braces: /api/order-overview/{id}',
      check: (text) => checkNewPath(text, around),
    },
    {
      key: 'from',
      flag: 'from',
      noun: 'list of services',
      question: 'Which services have a part in it?',
      help: `their names, with commas between${upstreamsAround(around)}`,
      check: (text) => checkServices(text, around),
    },
    {
      key: 'required',
      flag: 'required',
      noun: 'list of required services',
      question: 'Without which of them is there no answer?',
      help: 'names with commas between; default: none, what is missing is said',
      default: '',
      check: (text) => checkRequired(text, from),
    },
    publicQuestion,
  ],

  emit({ name = '', from: services = '', required = '', public: answer }, around) {
    const from = namesIn(services);
    const isPublic = answer === 'yes';
    const made = { path: name, from, required: namesIn(required), isPublic };
    const stem = stemOfPath(name);
    return {
      does: `answers ${name} from ${from.join(', ')}`,
      layers: from.flatMap((service) =>
        upstreamLayers(service, around).map((layer) => ({
          name: layer,
          words: upstreamWords(service),
        })),
      ),
      words: {},
      files: [
        { path: `src/routes/${stem}.ts`, contents: aggregateFile(made) },
        { path: `test/routes/${stem}.test.ts`, contents: aggregateTest(made) },
      ],
      route: { path: name, to: from, public: isPublic },
      calls: from,
      environment: from.map(upstreamVariable),
      notes: from.flatMap((service) => upstreamNotes(service, around)),
    };
  },
};

function checkNewPath(text: string, around: Surroundings | undefined): Verdict {
  const verdict = checkRoutePath(text, { parameters: true });
  if (!verdict.ok || around === undefined) return verdict;
  return routeConflict(verdict.value, around.service) ?? verdict;
}

function namesIn(text: string): readonly string[] {
  return text.split(',').flatMap((name) => name.trim() || []);
}

function checkServices(text: string, around: Surroundings | undefined): Verdict {
  const names = namesIn(text);
  if (names.length < 2) return { ok: false, reason: 'is not at least two; for one, add a route' };
  if (names.length > mostParts) {
    return { ok: false, reason: `has ${names.length} services; at most ${mostParts} are allowed` };
  }
  if (new Set(names).size < names.length) return { ok: false, reason: 'names a service twice' };
  for (const name of names) {
    const verdict = checkUpstream(name, around);
    if (!verdict.ok) return { ok: false, reason: `has "${name}", which ${verdict.reason}` };
  }
  return { ok: true, value: names.join(',') };
}

function checkRequired(text: string, from: string): Verdict {
  const other = namesIn(text).find((name) => !namesIn(from).includes(name));
  return other === undefined
    ? { ok: true, value: namesIn(text).join(',') }
    : { ok: false, reason: `has ${JSON.stringify(other)}, which has no part (${from})` };
}
