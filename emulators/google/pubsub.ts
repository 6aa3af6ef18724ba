import { PubSub } from '@google-cloud/pubsub';
import type { EmulatorOptions, RunningEmulator } from '../emulator.ts';
import { freePort } from '../processes/ports.ts';
import { startJavaEmulator } from './java-emulator.ts';
import { obtainJar } from './locate.ts';

export interface GoogleEmulatorOptions extends EmulatorOptions {
  /** What a person should know, such as a download. */
  readonly say?: (line: string) => void;
}

/** Google's Pub/Sub emulator: the one `PUBSUB_EMULATOR_HOST` names, else one started here. */
export async function startPubSubEmulator(options: GoogleEmulatorOptions = {}): Promise<RunningEmulator> {
  const given = process.env.PUBSUB_EMULATOR_HOST;
  if (given) return { name: 'pubsub', url: `http://${given}`, env: {}, close: async () => undefined };
  const jar = await obtainJar('pubsub', options.say ?? (() => undefined));
  const port = options.port || (await freePort());
  const child = await startJavaEmulator({
    name: 'pubsub',
    port,
    args: ['-jar', jar, '--host=127.0.0.1', `--port=${port}`],
  });
  const host = `127.0.0.1:${port}`;
  return {
    name: 'pubsub',
    url: `http://${host}`,
    env: { PUBSUB_EMULATOR_HOST: host },
    close: () => child.stop(),
  };
}

/** A Pub/Sub client for an emulator, whatever this process's own environment says. */
export function pubSubClient(projectId: string, host: string): PubSub {
  return new PubSub({ projectId, apiEndpoint: host, emulatorMode: true });
}
