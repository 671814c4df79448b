/** A datum of JSON. */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One environment variable of the emitted service. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly example: string;
  readonly description: string;
  readonly required?: boolean;
  readonly secret?: boolean;
}

/**
 * What a layer puts into the composition root, `src/service.ts`, into `src/config.ts`, and into
 * `development/stand-ins.ts`. Everywhere an import is what stands after the word: `{ a, type B } from 'x'`.
 */
export interface Composition {
  /** How the service differs from the usual: the last argument of `createService`, an expression. */
  readonly settings?: { readonly imports?: readonly string[]; readonly value: string };
  /** Calls that register parts; a part of the same name of a narrower layer takes the place of a wider one's. */
  readonly parts?: readonly ComposedPart[];
  /** What the service is built from, besides its configuration. */
  readonly options?: readonly ComposedOption[];
  /** What routes and handlers may ask for; one of the same name of a narrower layer takes the place of a wider one's. */
  readonly dependencies?: readonly ComposedDependency[];
  /** What `src/config.ts` reads. */
  readonly config?: readonly ComposedConfig[];
  /** What stands in for its servers in development and tests. */
  readonly standIns?: readonly ComposedStandIn[];
}

/** When a part starts, in this order; all are closed in reverse. */
export const stages = [
  'database',
  'clients',
  'events',
  'delivery',
  'api',
  'edge',
  'servers',
] as const;

export interface ComposedPart {
  readonly name: string;
  readonly stage: (typeof stages)[number];
  readonly imports?: readonly string[];
  /** Lines of TypeScript. */
  readonly call: readonly string[];
}

/** TypeScript: a text, a call with its arguments, or an object. */
export type Expression =
  | string
  | { readonly call: string; readonly with: readonly Expression[] }
  | { readonly properties: Readonly<Record<string, string>> };

interface ComposedOption {
  readonly imports?: readonly string[];
  readonly comment: string;
  /** A property of an interface. */
  readonly property: string;
}

export interface ComposedDependency {
  readonly imports?: readonly string[];
  readonly comment?: string;
  readonly name: string;
  readonly type: string;
  readonly value: Expression;
}

interface ComposedConfig {
  readonly imports?: readonly string[];
  readonly comment?: string;
  readonly name: string;
  readonly value: Expression;
}

interface ComposedStandIn {
  readonly imports?: readonly string[];
  readonly name: string;
  readonly value: Expression;
}

/** A port that the service listens on, as Kubernetes is told of it. */
interface DeployedPort {
  readonly name: string;
  readonly port: number;
  /** `appProtocol` of the Service, and why. */
  readonly protocol: string;
  readonly comment: string;
}

/** What a layer adds to the files where layers meet; the `layer.json` at its root. */
export interface Fragment {
  readonly package?: {
    readonly scripts?: Readonly<Record<string, string>>;
    readonly dependencies?: readonly string[];
    readonly devDependencies?: readonly string[];
    /** Packages that do not work unless their install scripts run. */
    readonly installScripts?: readonly string[];
    /** Packages whose install scripts are known and not wanted (they report to their makers). */
    readonly refusedScripts?: readonly string[];
  };
  readonly environment?: readonly EnvironmentVariable[];
  readonly compose?: {
    readonly app?: {
      readonly environment?: Record<string, Json>;
      readonly depends_on?: Record<string, Json>;
      readonly ports?: readonly string[];
    };
    readonly services?: Record<string, Json>;
    readonly volumes?: Record<string, Json>;
  };
  /** What a platform that runs the image must know. */
  readonly deployment?: {
    /** Beside that of HTTP. */
    readonly ports?: readonly DeployedPort[];
    /** Variables that are no secrets, with their values wherever the image runs. */
    readonly environment?: Readonly<Record<string, string>>;
  };
  /** What `service.json` says of the layer's own events, calls and routes. */
  readonly manifest?: {
    readonly publishes?: readonly string[];
    readonly handles?: readonly string[];
    readonly calls?: readonly string[];
    readonly routes?: readonly Json[];
  };
  readonly composition?: Composition;
  /** Of a layer that is laid by `add`: the condition that holds for what it is added to, if not events. */
  readonly addedTo?: string;
}

/** A template folder as the build packs it. */
export interface Layer {
  /** Folder name: its conditions, joined with `+`. */
  readonly name: string;
  readonly fragment: Fragment;
  /** Emitted path → text, both with placeholders. */
  readonly files: Readonly<Record<string, string>>;
  /** README sections: file name (its number orders it) → Markdown. */
  readonly readme: Readonly<Record<string, string>>;
  /** Sections of `docs/operation.md`, likewise. */
  readonly operation: Readonly<Record<string, string>>;
}

/** Where layers come from: the packed ones of this package, or a team's own. */
export interface LayerSource {
  /** The names of all layers there are. */
  readonly names: readonly string[];
  read(name: string): Layer;
}

/** Packed templates and the exact versions of what they import. */
export interface Templates extends LayerSource {
  readonly catalogue: Readonly<Record<string, string>>;
}

/**
 * The layers whose conditions all hold, in the order of laying: what holds for more services first,
 * so that a narrower layer's file replaces a wider one's.
 */
export function layersFor(
  conditions: readonly string[],
  names: readonly string[],
): readonly string[] {
  return names
    .filter((name) => name.split('+').every((condition) => conditions.includes(condition)))
    .sort((a, b) => {
      const [ofA, ofB] = [a.split('+'), b.split('+')];
      if (ofA.length !== ofB.length) return ofA.length - ofB.length;
      const differs = ofA.findIndex((condition, index) => condition !== ofB[index]);
      return conditions.indexOf(ofA[differs] ?? '') - conditions.indexOf(ofB[differs] ?? '');
    });
}
