import { defineConfig } from 'vitest/config';

const WHOLE_STACK = 'test/{e2e,browser}/**/*.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: '100%',
    setupFiles: ['test/helpers/listeners.ts', 'test/helpers/search.ts'],
    env: { METADATA_SERVER_DETECTION: 'none' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Of its own accord expect.poll waits for a second, which a busy machine may take for anything.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['{functions,shared,model,emulators,infra,test,bench,web}/**/*.test.ts'],
          exclude: [WHOLE_STACK, '**/node_modules/**'],
        },
      },
      {
        extends: true,
        // Each of these runs every function and emulator: one after the other, and when nothing else runs.
        test: { name: 'whole', include: [WHOLE_STACK], fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
