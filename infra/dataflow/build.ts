import { mkdir, writeFile } from 'node:fs/promises';
import { cleaningSettings, cleaningVariables } from '../../functions/enrich/cleaning-variables.ts';
import { loadConfig } from '../../shared/config.ts';
import { messageOf } from '../../shared/errors.ts';
import { bundleUdf } from './bundle.ts';

/** `npm run build:dataflow`: writes dist/dataflow/enrich-udf.js with the settings that the environment gives. */
const folder = new URL('../../dist/dataflow/', import.meta.url);
try {
  const script = await bundleUdf(cleaningSettings(loadConfig(cleaningVariables)));
  await mkdir(folder, { recursive: true });
  await writeFile(new URL('enrich-udf.js', folder), script);
  process.stdout.write(
    `dist/dataflow/enrich-udf.js ${(script.length / 1e6).toFixed(2)} MB, function transform\n`,
  );
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
