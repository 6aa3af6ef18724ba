import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{functions,shared,model,emulators,infra,test,bench}/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    env: { METADATA_SERVER_DETECTION: 'none' },
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
