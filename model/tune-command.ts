import { writeFileSync } from 'node:fs';
import { cleaningLimits } from './build.ts';
import { readCorpus } from './corpus.ts';
import {
  FILE_LIMITS,
  formatOf,
  type ModelCommand,
  parametersOf,
  required,
  UsageError,
} from './model-command.ts';
import { readSessions } from './sessions-file.ts';
import { tune } from './tune.ts';

export const tuneCommand: ModelCommand = {
  usage:
    'tune --train FILE[,FILE…] --out FILE [--trials 20] [--seed 1] [--format srgnn|sessions] [--parameters FILE]',
  summary:
    'searches parameters on the newest sessions of the training files, one set for all; never sees a test file; the best so far is in FILE at any time, from which --parameters FILE with another seed goes on',
  async run(values, progress) {
    const files = required(values.train, 'train').split(',');
    const out = required(values.out, 'out');
    const trials = Number(values.trials);
    if (!Number.isInteger(trials) || trials < 1)
      throw new UsageError(`--trials ${values.trials} is no positive whole number.`);
    const seed = Number(values.seed);
    if (!Number.isInteger(seed)) throw new UsageError(`--seed ${values.seed} is no whole number.`);
    const limits = cleaningLimits(Date.now(), FILE_LIMITS);
    const shops = [];
    for (const file of files) shops.push(await readCorpus(readSessions(file, formatOf(values)), limits));
    let count = 0;
    const best = tune(shops, parametersOf(values), {
      trials,
      seed,
      onTrial: (trial, leader) => {
        if (trial === leader) writeFileSync(out, `${JSON.stringify(leader.parameters, null, 2)}\n`);
        progress(
          `trial ${count++}: HR@20 + MRR@20 ${trial.value.toFixed(4)}, best ${leader.value.toFixed(4)}`,
        );
      },
    });
    return { json: best, text: `HR@20 + MRR@20 ${best.value.toFixed(4)}; parameters in ${out}\n` };
  },
};
