import { editJson } from '../three-way/json.ts';
import type { Edit } from '../three-way/structure.ts';

const sections = ['dependencies', 'devDependencies'] as const;

type Section = (typeof sections)[number];

type PackageJson = Partial<Record<Section, Readonly<Record<string, string>>>>;

/** Names of the packages that a service depends on because of a part, and would not otherwise. */
export type Needs = Readonly<Record<Section, readonly string[]>>;

/** Of the packages that a part and its tests import, those that `package.json` does not have for another reason. */
export function needsOf(
  text: string,
  { dependencies, devDependencies }: Needs,
  before: readonly Needs[],
): Needs {
  const had = sectionsOf(before);
  const known: PackageJson = JSON.parse(text);
  const isOwn = (name: string, section: Section): boolean =>
    known[section]?.[name] !== undefined && had.get(name) !== section;
  const needed = dependencies.filter((name) => !isOwn(name, 'dependencies'));
  const forTests = devDependencies.filter(
    (name) => !dependencies.includes(name) && !sections.some((section) => isOwn(name, section)),
  );
  return { dependencies: needed.toSorted(), devDependencies: forTests.toSorted() };
}

/**
 * The text of `package.json` with what ejected parts need, after other ones than before. What several need
 * is there as long as one of them is.
 */
export function withNeeds(
  text: string,
  before: readonly Needs[],
  after: readonly Needs[],
  versionOf: (name: string) => string | undefined,
): string {
  const [had, has] = [sectionsOf(before), sectionsOf(after)];
  const known: PackageJson = JSON.parse(text);
  const edits: Edit[] = [];
  for (const section of sections) {
    const { [section]: present = {} } = known;
    const names = Object.keys(present);
    const gone = names.filter((name) => had.get(name) === section && has.get(name) !== section);
    const added = [...has]
      .filter(([name, wanted]) => wanted === section && !names.includes(name))
      .map(([name]) => name)
      .sort();
    const sorted = [...names, ...added].sort();
    for (const name of gone) edits.push({ path: [section, name], value: undefined });
    for (const name of added) {
      const value = versionOf(name) ?? known.dependencies?.[name] ?? known.devDependencies?.[name];
      const follows = sorted[sorted.indexOf(name) - 1];
      edits.push({ path: [section, name], value, ...(follows === undefined ? {} : { follows }) });
    }
  }
  return edits.length === 0 ? text : editJson(text, edits, 'fitted');
}

/** What services run on is a dependency, even if only tests of another part need it. */
function sectionsOf(parts: readonly Needs[]): ReadonlyMap<string, Section> {
  const found = new Map<string, Section>();
  for (const section of sections.toReversed())
    for (const part of parts) for (const name of part[section]) found.set(name, section);
  return found;
}
