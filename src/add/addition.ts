import type { Option } from '../answers/choices.ts';
import type { Verdict } from '../answers/verdict.ts';
import type { EnvironmentVariable } from '../plan/layers.ts';
import type { ClientRow } from '../plan/merge/clients-table.ts';
import type { PlannedFile } from '../plan/plan.ts';
import type { Service } from '../service/find-service.ts';
import type { RouteListing } from '../service/route-listing.ts';
import type { FileEdit } from './file-edits.ts';

/** The document of another service's API, and where it was got. */
export interface GatheredDocument {
  readonly document: unknown;
  /** A folder or file from the service's own folder, with `/`, or a URL. */
  readonly provider: string;
  /** Names it to a person. */
  readonly where: string;
}

/** What an addition is planned from: a service and its neighbours, as they stand on disk. */
export interface Surroundings {
  readonly service: Service;
  readonly neighbours: readonly Service[];
  /** What was gathered besides, for an addition that needs it. */
  readonly document?: GatheredDocument;
}

/** Something that an addition must know. */
export interface Question {
  readonly key: string;
  readonly flag: string;
  /** What the answer is, in a sentence: `event`, `service`. */
  readonly noun: string;
  readonly question: string;
  readonly help: string;
  /** The answers that make sense, when they are known; a person is shown them to choose from. */
  readonly offers?: readonly Option[];
  /** What is taken when nobody can be asked; without one the flag is needed. */
  readonly default?: string;
  /** Of a usable answer also the form that it is taken in. */
  readonly check: (text: string) => Verdict;
}

/** Answers to an addition's questions, by key. */
export type AddedAnswers = Readonly<Record<string, string>>;

/** What an addition brings, before it is fitted into the service. */
export interface Emission {
  /** What the service does now, after its name: `publishes orders.order-shipped.v1`. */
  readonly does: string;
  /** Folders of `templates/` that are laid; one that is laid several times has words of its own each time. */
  readonly layers: readonly (string | WordedLayer)[];
  /** What stands for their placeholders, besides the service's own name. */
  readonly words: Words;
  /** Files that come from elsewhere. */
  readonly files?: readonly PlannedFile[];
  /** What was emitted before and is replaced; where a person has changed it, all is refused. */
  readonly replaces?: Emission;
  /** What changes in files that a person may have changed, too. */
  readonly edits?: readonly FileEdit[];
  readonly publishes?: string;
  readonly handles?: string;
  readonly contract?: EventContract | ClientContract | GrpcContract;
  /** A path that a gateway serves now. */
  readonly route?: RouteListing;
  /** Names of services that it calls. */
  readonly calls?: readonly string[];
  /** Variables for `.env.example`; one that is listed already stays as it is. */
  readonly environment?: readonly EnvironmentVariable[];
  /** Packages that `package.json` must have. */
  readonly dependencies?: readonly string[];
  readonly devDependencies?: readonly string[];
  /** Scripts that `package.json` must have; one that is there stays as it is. */
  readonly scripts?: Readonly<Record<string, string>>;
  /** Rows of the README's table of clients. */
  readonly clients?: readonly ClientRow[];
  /** What a person should know of it, in sentences. */
  readonly notes?: readonly string[];
}

/** What stands for placeholders. */
type Words = Readonly<Record<string, string>>;

/** A layer with words that hold for it alone. */
interface WordedLayer {
  readonly name: string;
  readonly words: Words;
}

/** What a service relies on of another's event; its tests hold the publisher to it. */
interface EventContract {
  readonly event: string;
  /** The publisher's folder, from the service's own, with `/`. */
  readonly publisher: string;
  /** The file in it that declares the event. */
  readonly schema: string;
}

/** What a service relies on of another's API. */
interface ClientContract {
  /** The name of the service that is called. */
  readonly client: string;
  /** Where its document is now: its folder or a file, from the service's own with `/`, or a URL. */
  readonly provider: string;
  /** The file with what was recorded of it. */
  readonly document: string;
}

/** What a service relies on of another's gRPC. */
interface GrpcContract {
  /** The name of the service that is called. */
  readonly client: string;
  /** Its folder, from the service's own with `/`. */
  readonly provider: string;
  /** The folder with the files of its package, in either. */
  readonly proto: string;
}

/**
 * A kind of thing that can be added to a service: its questions and what it emits. A new kind is one
 * file in `generators/` and its folders in `templates/`.
 */
export interface Addition {
  /** The word after `add`. */
  readonly kind: string;
  readonly description: string;
  /** An example of a command line, after `add KIND`. */
  readonly example: string;
  /**
   * What it is added to: what has events, which a service without a bus is given by the way; what has
   * an API of its own; a gateway; or anything. Anything else is refused.
   */
  readonly needs: 'events' | 'api' | 'gateway' | 'anything';
  /**
   * What it asks, in order; answers given so far and the surroundings, where they are known, make a
   * question narrower.
   */
  questions(around: Surroundings | undefined, given: AddedAnswers): readonly Question[];
  /**
   * Adds to the surroundings what only the answers tell to look for. It may ask the network and run a
   * neighbour's code, and writes nothing.
   *
   * @param cwd what paths in answers are relative to.
   */
  gather?(answers: AddedAnswers, around: Surroundings, cwd: string): Promise<Surroundings>;
  /** Pure. @throws BadInputError for what is there already. */
  emit(answers: AddedAnswers, around: Surroundings): Emission;
}

/** Files to write, those that change included, and what was left alone, in sentences. */
export interface Growth {
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
}
