import type { Addition } from '../src/add/addition.ts';
import { publicQuestion } from '../src/add/public-question.ts';
import {
  upstreamLayers,
  upstreamNotes,
  upstreamsAround,
  upstreamVariable,
  upstreamWords,
} from '../src/add/upstream.ts';
import { checkRoutePath, stemOfPath, usualUpstreamPath } from '../src/answers/route-path.ts';
import { checkFrom, checkPath, checkTo } from '../src/strangler/checks.ts';
import { firstRules, stranglerEdits } from '../src/strangler/edits.ts';
import { plainAnswers, plainRoute, strangledFrom } from '../src/strangler/listing.ts';
import { strangledRouteFile } from '../src/strangler/route-file.ts';
import { stranglerVariables } from '../src/strangler/variables.ts';
import { route as plain } from './route.ts';

/** A path of a gateway that moves, caller by caller, from an old system to a new service. */
export const strangler: Addition = {
  kind: 'strangler',
  description:
    'a path of a gateway that moves from an old system to a new service, by rules that change at run time',
  example: '/api/orders --from monolith --to orders',
  needs: 'gateway',

  questions(around, { name = '', from = '', to = '' }) {
    const known = plainRoute(name, around);
    return [
      {
        key: 'name',
        flag: 'name',
        noun: 'path',
        question: 'Which path?',
        help: 'what callers ask for; all below it moves too: /api/orders',
        check: (text) => checkPath(text, around),
      },
      {
        key: 'from',
        flag: 'from',
        noun: 'service',
        question: 'Which system is left behind?',
        help: 'its name',
        ...(known === undefined ? {} : { default: known.to[0] ?? '' }),
        check: (text) => checkFrom(text, known, around),
      },
      {
        key: 'to',
        flag: 'to',
        noun: 'service',
        question: 'Which service takes over?',
        help: `its name${upstreamsAround(around)}`,
        check: (text) => checkTo(text, from, around),
      },
      {
        key: 'from-path',
        flag: 'from-path',
        noun: 'path',
        question: 'Which path is it in the old system?',
        help: 'default: the same',
        default: known?.upstreamPath ?? name,
        check: (text) => checkRoutePath(text, { root: true }),
      },
      {
        key: 'upstream-path',
        flag: 'upstream-path',
        noun: 'path',
        question: 'Which path is it in the new service?',
        help: "default: the path from the service's name on, or without a leading /api",
        default: usualUpstreamPath(name, to),
        check: (text) => checkRoutePath(text, { root: true }),
      },
      { ...publicQuestion, default: known?.public === true ? 'yes' : 'no' },
    ];
  },

  emit(answers, around) {
    const { route, listing } = strangledFrom(answers);
    const { path, from, to } = route;
    const known = plainRoute(path, around);
    const isKnown = (name: string) => upstreamLayers(name, around).length === 0;
    return {
      does: `moves ${path} from ${from} to ${to}, by the rules in strangler.json`,
      layers: [
        ...[from, to]
          .filter((name) => !isKnown(name))
          .map((name) => ({ name: 'add-upstream', words: upstreamWords(name) })),
        'add-strangler',
      ],
      words: {
        __route_path__: path,
        __route_stem__: stemOfPath(path),
        __from__: from,
        __FROM__: upstreamWords(from).__UPSTREAM__ ?? '',
        __from_path__: route.fromPath === '/' ? '' : route.fromPath,
        __to__: to,
        __TO__: upstreamWords(to).__UPSTREAM__ ?? '',
        __upstream_path__: route.upstreamPath === '/' ? '' : route.upstreamPath,
      },
      files: [
        { path: `src/routes/${stemOfPath(path)}.ts`, contents: strangledRouteFile(route) },
        ...firstRules(path, around.service),
      ],
      ...(known === undefined ? {} : { replaces: plain.emit(plainAnswers(known), around) }),
      edits: stranglerEdits(path, around.service),
      route: listing,
      calls: [from, to],
      environment: [upstreamVariable(from), upstreamVariable(to), ...stranglerVariables],
      notes: [
        `nobody goes to ${to} yet: strangler.json says 0 %; README.md has the way from there to the end`,
        ...upstreamNotes(to, around),
      ],
    };
  },
};
