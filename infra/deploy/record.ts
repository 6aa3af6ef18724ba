import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { ConfigError, messageOf } from '../../shared/errors.ts';

/** What was done, by step: the fingerprint it was done with. */
const Recorded = z.object({
  project: z.string(),
  region: z.string(),
  steps: z.record(z.string(), z.string()),
});

/** The record of a deployment, kept in a file after each step, so that a run that broke off is taken up again. */
export interface DeployRecord {
  readonly steps: ReadonlyMap<string, string>;
  done(step: string, fingerprint: string): Promise<void>;
  gone(step: string): Promise<void>;
}

/**
 * Opens the record at `file`; where there is none, nothing has been done.
 * @throws ConfigError where it cannot be read, or is of another project or region.
 */
export async function openRecord(
  file: string,
  { project, region }: { readonly project: string; readonly region: string },
): Promise<DeployRecord> {
  const steps = new Map<string, string>();
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) {
    const recorded = parse(text, file);
    if (recorded.project !== project || recorded.region !== region) {
      throw new ConfigError(
        `${file} records a deployment to ${recorded.project} in ${recorded.region}, not ${project} in ${region}: ` +
          'give that project and region, or another file by --record.',
      );
    }
    for (const [step, fingerprint] of Object.entries(recorded.steps)) steps.set(step, fingerprint);
  }
  let writing: Promise<void> = Promise.resolve();
  /** One write after the other, each whole: steps run at the same time. */
  const save = (): Promise<void> => {
    writing = writing.then(async () => {
      await mkdir(dirname(file), { recursive: true });
      const content = { project, region, steps: Object.fromEntries([...steps].sort()) };
      await writeFile(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`);
      await rename(`${file}.new`, file);
    });
    return writing;
  };
  return {
    steps,
    done: (step, fingerprint) => {
      steps.set(step, fingerprint);
      return save();
    },
    gone: (step) => {
      steps.delete(step);
      return save();
    },
  };
}

function parse(text: string, file: string): z.infer<typeof Recorded> {
  try {
    return Recorded.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConfigError(
      `${file} is no record of a deployment: ${messageOf(cause)}. Remove it: everything is then looked up again, and nothing is lost.`,
      { cause },
    );
  }
}
