/**
 * Names for what a document refers to, each of them an identifier that nothing else has:
 * `#/components/schemas/pet-store.Pet` is `PetStorePet`.
 */
export class TypeNames {
  readonly #byReference = new Map<string, string>();
  /** In small letters; `ApiAnswer` is what the files themselves use. */
  readonly #taken = new Set<string>(['apianswer']);

  readonly of = (reference: string): string => {
    const known = this.#byReference.get(reference);
    if (known !== undefined) return known;
    const name = this.free(typeName(reference.split('/').at(-1) ?? ''));
    this.#byReference.set(reference, name);
    return name;
  };

  /** The name, or when it is taken the name with a number; it is taken from then on. */
  free(name: string): string {
    let found = name;
    for (let number = 2; this.#taken.has(found.toLowerCase()); number += 1)
      found = `${name}${number}`;
    this.#taken.add(found.toLowerCase());
    return found;
  }

  /** Takes several names, or none of them when one is taken. */
  takeAll(names: readonly string[]): boolean {
    const wanted = names.map((name) => name.toLowerCase());
    if (wanted.some((name) => this.#taken.has(name))) return false;
    for (const name of wanted) this.#taken.add(name);
    return true;
  }
}

const longest = 60;

function typeName(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return /^[A-Z]/.test(name) ? name.slice(0, longest) : `Type${name}`.slice(0, longest);
}
