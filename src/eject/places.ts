/** Where files lie as they were laid, to tell later what a person, and what the chassis has changed since. */
export const baseFolder = '.create-service/base';

/** Where the sources of an ejected part lie in a service. */
export function sourcesPlace(part: string): string {
  return `src/chassis/${part}`;
}

/** Where its tests lie, and what they need. */
export function testsPlace(part: string): string {
  return `test/chassis/${part}`;
}

/** The folders of an ejected part. */
export function placesOf(part: string): readonly string[] {
  return [sourcesPlace(part), testsPlace(part)];
}

/** Whether a file belongs to an ejected part. */
export function isWithin(file: string, part: string): boolean {
  return placesOf(part).some((place) => file.startsWith(`${place}/`));
}
