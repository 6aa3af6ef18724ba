import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { makeTracesApp } from './app.ts';
import { makeTraceStore } from './trace-store.ts';

/** Some hundred megabytes at the most that a span may carry; as a rule a tenth of it. */
const MAX_SPANS = 20_000;

/**
 * A collector of traces on this machine: takes them by OTLP/HTTP, as Cloud Trace does, keeps the newest in memory,
 * whatever `dataDir` says, and answers them at `GET /traces`.
 */
export async function startTraceReceiver(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const app = makeTracesApp(makeTraceStore({ maxSpans: MAX_SPANS }));
  const listening = await listen(app, options);
  const url = `http://${options.host ?? '127.0.0.1'}:${listening.port}`;
  return {
    name: 'traces',
    url,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: url },
    close: listening.close,
  };
}
