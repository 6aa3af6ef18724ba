import { portNumber, runCommand } from '../shared/command-line.ts';
import { ConfigError } from '../shared/errors.ts';
import type { EmulatorOptions, RunningEmulator } from './emulator.ts';

/** This project's emulators, each usable alone: `node emulators/serve.ts bigquery --port 9050 --data DIR`. */
const EMULATORS: Readonly<Record<string, (options: EmulatorOptions) => Promise<RunningEmulator>>> = {
  auth: async (options) => (await import('./auth/index.ts')).startAuthEmulator(options),
  bigquery: async (options) => (await import('./bigquery/index.ts')).startBigQueryEmulator(options),
  fcm: async (options) => (await import('./fcm/index.ts')).startFcmEmulator(options),
  firestore: async (options) => (await import('./firestore/index.ts')).startFirestoreEmulator(options),
  pubsub: async (options) => (await import('./pubsub/index.ts')).startPubSubEmulator(options),
  storage: async (options) => (await import('./storage/index.ts')).startStorageEmulator(options),
  traces: async (options) => (await import('./traces/index.ts')).startTraceReceiver(options),
  vertex: async (options) => (await import('./vertex/index.ts')).startVertexEmulator(options),
};

const USAGE = `Usage: node emulators/serve.ts NAME [--host ADDRESS] [--port PORT] [--data DIR]

Runs one emulator until it is ended, and prints the variables that point clients at it.
NAME: ${Object.keys(EMULATORS).join(', ')}. Without --port, any free port; without --data, nothing is kept.
`;

await runCommand({
  call: 'node emulators/serve.ts',
  usage: USAGE,
  positionals: true,
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    data: { type: 'string' },
  },
  run: async (values, [name = '']) => {
    const start = EMULATORS[name];
    if (!start)
      throw new ConfigError(
        `There is no emulator "${name}"; there are ${Object.keys(EMULATORS).join(', ')}.`,
      );
    const emulator = await start({
      host: values.host,
      port: portNumber('port', values.port),
      ...(values.data === undefined ? {} : { dataDir: values.data }),
    });
    for (const [variable, value] of Object.entries(emulator.env))
      process.stdout.write(`export ${variable}=${value}\n`);
    process.send?.({ ready: { name: emulator.name, url: emulator.url, env: emulator.env } });

    let closing = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (closing) return;
        closing = true;
        void emulator.close().finally(() => process.exit(0));
      });
    }
  },
});
