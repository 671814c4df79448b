import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that take minutes. */
const longest = ['/matrix/', '/conformance.', '/chaos.', '/package-managers.', '/mysql.'];

/** What takes the longest begins first, so that it is not what one worker is left with at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      longest.some((part) => moduleId.includes(part));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/*/*.test.ts'],
    exclude: ['test/snapshots/**'],
    globalSetup: ['test/support/shared-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    sequence: { sequencer: LongestFirst },
    // Tests start processes of their own, so two cores are soon busy; but some always wait for a server.
    maxWorkers: 3,
  },
});
