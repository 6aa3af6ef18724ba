import { writeFileSync } from 'node:fs';
import { corpusOf, type ModelCommand, parametersOf, required, wholeNumber } from './model-command.ts';
import { tune } from './tune.ts';

export const tuneCommand: ModelCommand = {
  usage:
    'tune --train FILE[,FILE…] --out FILE [--trials 20] [--seed 1] [--format srgnn|sessions] [--parameters FILE]',
  summary:
    'searches parameters on the newest sessions of the training files, one set for all; never sees a test file; the best so far is in FILE at any time, from which --parameters FILE with another seed goes on',
  async run(values, progress) {
    const files = required(values.train, 'train').split(',');
    const out = required(values.out, 'out');
    const trials = wholeNumber(values.trials, 'trials', 1);
    const seed = wholeNumber(values.seed, 'seed', 0);
    const shops = [];
    for (const file of files) shops.push(await corpusOf(file, values));
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
    const { start, confirmed } = best;
    return {
      json: best,
      text: `HR@20 + MRR@20 ${start.toFixed(4)} before, ${best.value.toFixed(4)} after; on older sessions, that chose nothing, ${confirmed.start.toFixed(4)} and ${confirmed.best.toFixed(4)}; parameters in ${out}\n`,
    };
  },
};
