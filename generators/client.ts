import type { AddedAnswers, Addition, Question, Surroundings } from '../src/add/addition.ts';
import { checkCapabilityName } from '../src/answers/capability-name.ts';
import { variablePrefix } from '../src/answers/naming.ts';
import type { Verdict } from '../src/answers/verdict.ts';
import { grpcClientEmission } from '../src/grpc-client/emission.ts';
import { checkGrpcProvider } from '../src/grpc-client/provider.ts';
import { checkDocumentSource } from '../src/rest-client/document-source.ts';
import { restClientEmission } from '../src/rest-client/emission.ts';
import { gatherDocument } from '../src/rest-client/gather.ts';
import { allOperations } from '../src/rest-client/taken.ts';
import { hasApi } from '../src/service/manifest.ts';

/** A typed client of another service, behind a policy of its own. */
export const client: Addition = {
  kind: 'client',
  description:
    'a typed client of another service, behind its policy, from its OpenAPI document or proto',
  example: 'payments --openapi https://payments.example/openapi.json',
  needs: 'anything',

  questions: (around, { name = '', protocol }) => [
    {
      key: 'name',
      flag: 'name',
      noun: 'service',
      question: 'Which service is called?',
      help: around === undefined ? 'its name' : providersAround(around),
      check: (text) => checkNewClient(text, around),
    },
    {
      key: 'protocol',
      flag: 'protocol',
      noun: 'protocol',
      question: 'How is it called?',
      help: 'rest: HTTP with JSON, as its OpenAPI document says; grpc: a neighbour, by its proto',
      offers: [
        { value: 'rest', title: 'REST', help: 'HTTP with JSON' },
        ...(checkGrpcProvider(name, around).ok
          ? [{ value: 'grpc', title: 'gRPC', help: 'as its proto says' }]
          : []),
      ],
      default: 'rest',
      check: (text) => checkProtocol(text, name, around),
    },
    ...(protocol === 'grpc' ? [] : restQuestions(name, around)),
  ],

  async gather({ openapi = '', protocol }: AddedAnswers, around, cwd) {
    if (protocol === 'grpc') return around;
    return { ...around, document: await gatherDocument(openapi, around.service, cwd) };
  },

  emit: (answers, around) =>
    answers.protocol === 'grpc'
      ? grpcClientEmission(answers.name ?? '', around)
      : restClientEmission(answers, around),
};

/** What must be known of a client by OpenAPI. */
function restQuestions(name: string, around: Surroundings | undefined): readonly Question[] {
  return [
    {
      key: 'openapi',
      flag: 'openapi',
      noun: 'document',
      question: 'Where is its OpenAPI document?',
      help: 'a file, a URL, or the folder of a service that create-service made',
      ...defaultSource(name, around),
      check: checkDocumentSource,
    },
    {
      key: 'operations',
      flag: 'operations',
      noun: 'list of operations',
      question: 'Which of its operations?',
      help: 'their ids, or "POST /orders", between commas; or all',
      default: allOperations,
      check: (text) =>
        text.trim() === '' ? { ok: false, reason: 'is empty' } : { ok: true, value: text },
    },
  ];
}

function checkProtocol(text: string, name: string, around: Surroundings | undefined): Verdict {
  if (text === 'rest') return { ok: true, value: text };
  if (text === 'grpc') return checkGrpcProvider(name, around);
  return { ok: false, reason: 'is not one of rest and grpc' };
}

function providersAround({ neighbours }: Surroundings): string {
  const names = neighbours
    .filter(({ manifest }) => hasApi(manifest))
    .map(({ manifest }) => manifest.name);
  return names.length === 0 ? 'its name' : `in this workspace: ${names.join(', ')}`;
}

/** A neighbour of that name is asked itself. */
function defaultSource(name: string, around: Surroundings | undefined): { default?: string } {
  const neighbour = around?.neighbours.find(({ manifest }) => manifest.name === name);
  return neighbour === undefined ? {} : { default: neighbour.folder };
}

function checkNewClient(text: string, around: Surroundings | undefined): Verdict {
  const verdict = checkCapabilityName(text);
  if (!verdict.ok || around === undefined) return verdict;
  const { manifest, tree } = around.service;
  if (text === manifest.name) return { ok: false, reason: 'is this service itself' };
  const folder = `src/clients/${text}`;
  if (tree.list(folder).length > 0) return { ok: false, reason: `is called already, by ${folder}` };
  const variable = `${variablePrefix(text)}_URL`;
  const isTaken = new RegExp(`^(# )?${variable}=`, 'm').test(tree.read('.env.example') ?? '');
  if (isTaken && !manifest.calls.includes(text))
    return {
      ok: false,
      reason: `would need the variable ${variable}, which is something else here`,
    };
  return verdict;
}
