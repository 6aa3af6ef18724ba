import { defineConfig } from 'vitest/config';

const WHOLE_STACK = 'test/{e2e,browser}/**/*.test.ts';
/** Beside the code, but each file in a process of its own: it starts functions, or measures. */
const ALONE = ['**/*.integration.test.ts', '**/framework.test.ts', 'bench/**/*.test.ts'];

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
        // Files share a process, which halves the time: what they import is loaded once.
        test: {
          name: 'units',
          include: ['{functions,shared,model,emulators,infra,web}/**/*.test.ts'],
          exclude: [...ALONE, '**/node_modules/**'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/**/*.test.ts', ...ALONE],
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
