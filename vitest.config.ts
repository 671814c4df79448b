import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes too long for every change is in files of that name; `.ci/long` runs them too. */
const longOnly = process.env.CREATE_SERVICE_LONG === undefined ? ['**/*.long.test.ts'] : [];

/** Files that take minutes. */
const longest = [
  ...['/matrix/', '/conformance.', '/chaos.', '/eject/parts.', '/states-of-the-database.'],
  ...['/package-managers.', '/readiness.', '/refused.', '/image.', '/cascade.', '/mysql.'],
];

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
    include: ['test/*/*.test.ts', 'chassis/test/**/*.test.ts'],
    exclude: ['test/snapshots/**', ...longOnly],
    globalSetup: ['test/support/shared-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 10_000 } },
    sequence: { sequencer: LongestFirst },
    // Tests start processes of their own, so two cores are soon busy; but some always wait: for a server to come
    // back, or for a limit to pass.
    maxWorkers: 3,
  },
});
