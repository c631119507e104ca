// One vitest run for the whole project; what needs more than Node skips itself and says so.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    env: { TZ: 'UTC' },
    testTimeout: 30_000,
    maxWorkers: 2,
  },
});
