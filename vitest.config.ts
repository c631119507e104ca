// Two projects: what needs Node only, and what drives other people's programs. Each skips by name what is not installed.
import { defineConfig } from 'vitest/config';

const common = { env: { TZ: 'UTC' }, maxWorkers: 2, setupFiles: ['test/setup.ts'] };

export default defineConfig({
  test: {
    globalSetup: ['test/whole-run.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/interop/**'],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...common,
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
