import { checkCapabilityName } from './capability-name.ts';
import { checkDescription, defaultDescription } from './description.ts';
import type { Verdict } from './verdict.ts';

/** One value of a choice, and the template layers that it switches on. */
export interface Option {
  readonly value: string;
  readonly title: string;
  readonly help: string;
  /** Layer conditions that hold when this is chosen; `<choice>-<value>` unless told. */
  readonly layers?: readonly string[];
  readonly traits?: Traits;
}

/** What a chosen option asks of whatever runs the service. */
export interface Traits {
  /** No two processes may run at once: one replica, which ends before its successor starts. */
  readonly oneProcess?: boolean;
  /** A folder of the container that outlives it. */
  readonly volume?: string;
}

interface ChoiceBase {
  readonly key: string;
  readonly flag: string;
  readonly question: string;
  readonly help: string;
  /** The choice is asked only when this layer condition already holds. */
  readonly onlyWith?: string;
}

/** A choice among a few values. */
interface SelectChoice extends ChoiceBase {
  readonly kind: 'select';
  readonly options: readonly Option[];
  readonly default: string;
  /** Of what few have a reason to choose: there is its flag, and no question. */
  readonly isAsked?: false;
}

/** A choice that is free text within rules. */
export interface TextChoice extends ChoiceBase {
  readonly kind: 'text';
  readonly maxLength: number;
  readonly pattern?: string;
  /** `--yes` takes it; without `--yes` a run with no terminal refuses to guess when `mustBeGiven`. */
  readonly default: (name: string) => string;
  readonly mustBeGiven?: boolean;
  readonly check: (text: string) => Verdict;
}

export type Choice = SelectChoice | TextChoice;

/** What the stores have in common that are asked in SQL. */
const relational = ['datastore-operational', 'datastore-transactional', 'datastore-relational'];

/**
 * Everything a person is asked, in the order of asking: the only place that names a choice, its
 * values, default, help and flag. Prompts, flags, `--help`, the answers file, the JSON schema and
 * the layers that are emitted follow from it. A new datastore or event bus is one entry in
 * `options` and one folder `templates/<choice>-<value>`.
 */
export const choices: readonly Choice[] = [
  {
    kind: 'text',
    key: 'name',
    flag: 'name',
    question: 'Which business capability?',
    help: 'what the business calls it, in kebab-case: orders, order-items, inventory',
    maxLength: 40,
    pattern: '^[a-z][a-z0-9]*(-[a-z0-9]+)*$',
    default: () => 'orders',
    mustBeGiven: true,
    check: checkCapabilityName,
  },
  {
    kind: 'select',
    key: 'kind',
    flag: 'kind',
    question: 'What is it?',
    help: 'the service of a business capability, or the way in to those that there are',
    default: 'service',
    options: [
      { value: 'service', title: 'service', help: 'a business capability with data of its own' },
      {
        value: 'gateway',
        title: 'gateway',
        help: 'the single entry point of callers from outside: routes to services',
        layers: ['kind-gateway'],
      },
    ],
  },
  {
    kind: 'select',
    key: 'style',
    flag: 'style',
    question: 'How do others talk to it?',
    help: 'sync: a REST API; async: events in and out; both: either way',
    default: 'sync',
    onlyWith: 'kind-service',
    options: [
      {
        value: 'sync',
        title: 'sync',
        help: 'a REST API',
        layers: ['style-sync'],
      },
      { value: 'async', title: 'async', help: 'events in and out, no API of its own' },
      {
        value: 'both',
        title: 'both',
        help: 'a REST API that also publishes and handles events',
        layers: ['style-sync', 'style-async'],
      },
    ],
  },
  {
    kind: 'select',
    key: 'protocol',
    flag: 'protocol',
    question: 'Which protocol do its callers speak?',
    help: 'rest: HTTP and JSON; grpc: gRPC too, on a port of its own, from the same code',
    default: 'rest',
    onlyWith: 'style-sync',
    options: [
      { value: 'rest', title: 'REST', help: 'HTTP and JSON, described by OpenAPI', layers: [] },
      {
        value: 'grpc',
        title: 'gRPC',
        help: 'gRPC on a port of its own, beside the REST API, from the same code',
        layers: ['grpc-client', 'protocol-grpc'],
      },
    ],
  },
  {
    kind: 'select',
    key: 'datastore',
    flag: 'datastore',
    question: 'Where does it keep its own data?',
    help: 'each service owns its data; nobody else gets its credentials',
    default: 'postgres',
    onlyWith: 'kind-service',
    options: [
      {
        value: 'postgres',
        title: 'PostgreSQL',
        help: 'transactions, outbox and inbox',
        layers: ['datastore-server', ...relational, 'datastore-postgres'],
      },
      {
        value: 'mysql',
        title: 'MySQL or MariaDB',
        help: 'transactions, outbox and inbox; development needs one on the machine, or Docker',
        layers: ['datastore-server', ...relational, 'datastore-mysql'],
      },
      {
        value: 'sqlite',
        title: 'SQLite',
        help: 'a file, with transactions, outbox and inbox; one process, and no server anywhere',
        layers: [...relational, 'datastore-sqlite'],
        traits: { oneProcess: true, volume: '/data' },
      },
      {
        value: 'mongodb',
        title: 'MongoDB',
        help: 'a document an aggregate, with its events inside; needs no replica set',
        layers: ['datastore-server', 'datastore-operational', 'datastore-mongodb'],
      },
      {
        value: 'clickhouse',
        title: 'ClickHouse',
        help: 'many rows and counts over them; no transactions, so no outbox: see its README',
        layers: ['datastore-server', 'datastore-clickhouse'],
      },
      { value: 'none', title: 'none', help: 'keeps nothing when the process ends' },
    ],
  },
  {
    kind: 'select',
    key: 'bus',
    flag: 'bus',
    question: 'Which event bus?',
    help: 'carries its CloudEvents; in development an in-process bus stands in',
    default: 'kafka',
    onlyWith: 'style-async',
    options: [
      {
        value: 'kafka',
        title: 'Apache Kafka',
        help: 'a topic for each type of event, ordered by aggregate',
      },
      {
        value: 'nats',
        title: 'NATS JetStream',
        help: 'one stream an event type, ordered by aggregate',
        layers: ['bus-nats'],
      },
      {
        value: 'rabbitmq',
        title: 'RabbitMQ',
        help: 'one exchange an event type, quorum queues for each service, ordered by aggregate',
        layers: ['bus-rabbitmq'],
      },
      {
        value: 'redis',
        title: 'Redis Streams',
        help: 'for where Redis runs already; events are kept in memory and on its disk',
        layers: ['bus-redis'],
      },
    ],
  },
  {
    kind: 'select',
    key: 'topics',
    flag: 'topics',
    question: 'Which events share a topic?',
    help: 'type: a topic for each type of event; capability: one topic, so that all events of an aggregate keep their order',
    default: 'type',
    onlyWith: 'style-async',
    isAsked: false,
    options: [
      {
        value: 'type',
        title: 'those of one type',
        help: 'consumers get the types that they want, and no others',
        layers: [],
      },
      {
        value: 'capability',
        title: 'all of the service',
        help: 'all events of an aggregate keep their order, and consumers pass over what they do not want',
        layers: ['topics-capability'],
      },
    ],
  },
  {
    kind: 'text',
    key: 'description',
    flag: 'description',
    question: 'What is it for, in one sentence?',
    help: 'goes into the README, package.json and the API document',
    maxLength: 200,
    default: defaultDescription,
    check: checkDescription,
  },
];

/** What was chosen: the value of every choice that applies, by its key. */
export interface Answers {
  readonly name: string;
  readonly description: string;
  readonly [key: string]: string;
}

/** The layer conditions that one chosen option switches on. */
function layersOf(choice: SelectChoice, option: Option): readonly string[] {
  return option.layers ?? [`${choice.key}-${option.value}`];
}

/** All layer conditions that hold for what was chosen so far; `service` always does. */
export function conditionsOf(chosen: Readonly<Record<string, string>>): Set<string> {
  const conditions = new Set(['service']);
  for (const choice of choices) {
    if (choice.kind !== 'select') continue;
    const option = choice.options.find(({ value }) => value === chosen[choice.key]);
    for (const layer of option ? layersOf(choice, option) : []) conditions.add(layer);
  }
  return conditions;
}

/** What all chosen options together ask of whatever runs the service. */
export function traitsOf(chosen: Readonly<Record<string, string>>): Traits {
  const options = choices.flatMap((choice) =>
    choice.kind === 'select'
      ? choice.options.filter(({ value }) => value === chosen[choice.key])
      : [],
  );
  return Object.assign({}, ...options.map(({ traits }) => traits));
}

/** The choice, and its values, that switch a layer condition on. */
export function switchOf(condition: string): { choice: SelectChoice; values: readonly string[] } {
  for (const choice of choices) {
    if (choice.kind !== 'select') continue;
    const options = choice.options.filter((option) => layersOf(choice, option).includes(condition));
    if (options.length > 0) return { choice, values: options.map(({ value }) => value) };
  }
  throw new Error(`No choice switches ${condition} on`);
}

/** Whether a choice is asked at all, given what was chosen so far. */
export function applies(choice: Choice, chosen: Readonly<Record<string, string>>): boolean {
  return choice.onlyWith === undefined || conditionsOf(chosen).has(choice.onlyWith);
}
