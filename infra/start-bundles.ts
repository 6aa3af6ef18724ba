import { messageOf } from '../shared/errors.ts';
import { openBundlesPlace } from './trial/bundles-place.ts';
import { deliverStray } from './trial/deliver.ts';
import { runBundle } from './trial/run-bundle.ts';
import { TRIALS } from './trial/trials.ts';

/**
 * Starts each bundle of `dist/` under functions-framework, one after the other in the order of the pipeline, and has it
 * work on real events between emulators. Exits non-zero where one does not.
 */
const { bench, env, order } = await openBundlesPlace();

let broken = 0;
for (const name of order) {
  try {
    const bundle = await runBundle(name, env);
    try {
      const saw = await (TRIALS[name]?.(bench, bundle.url) ?? deliverStray(bundle.url));
      const ms = Math.round(bundle.readyMs);
      process.stdout.write(`${name.padEnd(10)} ready after ${String(ms).padStart(5)} ms   ${saw}\n`);
    } catch (error) {
      throw new Error(`${messageOf(error)}\n${bundle.words()}`, { cause: error });
    } finally {
      await bundle.stop();
    }
  } catch (error) {
    broken += 1;
    process.stderr.write(`${name} does not work as a bundle: ${messageOf(error)}\n`);
  }
}
await bench.close();
process.exit(broken === 0 ? 0 : 1);
