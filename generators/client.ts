import type { AddedAnswers, Addition, Surroundings } from '../src/add/addition.ts';
import { checkCapabilityName } from '../src/answers/capability-name.ts';
import type { Verdict } from '../src/answers/choices.ts';
import { checkDocumentSource } from '../src/rest-client/document-source.ts';
import { restClientEmission } from '../src/rest-client/emission.ts';
import { gatherDocument } from '../src/rest-client/gather.ts';
import { variablePrefix } from '../src/rest-client/names.ts';
import { allOperations } from '../src/rest-client/taken.ts';
import { hasApi } from '../src/service/manifest.ts';

/** A typed client of another service, behind a policy of its own. */
export const client: Addition = {
  kind: 'client',
  description: 'a typed client of another service, behind its policy, from its OpenAPI document',
  example: 'payments --openapi https://payments.example/openapi.json',
  needs: 'http-client',

  questions: (around, { name = '' }) => [
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
      help: 'rest: HTTP with JSON, as its OpenAPI document says',
      offers: [{ value: 'rest', title: 'REST', help: 'HTTP with JSON' }],
      default: 'rest',
      check: (text) =>
        text === 'rest' ? { ok: true, value: text } : { ok: false, reason: 'is not one of rest' },
    },
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
  ],

  async gather({ openapi = '' }: AddedAnswers, around, cwd) {
    return { ...around, document: await gatherDocument(openapi, around.service, cwd) };
  },

  emit: restClientEmission,
};

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
