import { basename, dirname } from 'node:path';
import { type AblationRow, ablate } from './ablation.ts';
import { corpusOf, type ModelCommand, parametersOf, required } from './model-command.ts';

export const ablateCommand: ModelCommand = {
  usage: 'ablate --train FILE [--format srgnn|sessions] [--parameters FILE]',
  summary: 'what each part of the recipe adds, judged on the newest sessions of the training file',
  async run(values, progress) {
    const train = required(values.train, 'train');
    const corpus = await corpusOf(train, values);
    const rows = ablate(corpus, parametersOf(values), (row) => progress(lineOf(row)));
    return {
      json: { data: basename(dirname(train)), ablation: rows },
      text: ['  HR@20   MRR@20  current item excluded', ...rows.map(lineOf), ''].join('\n'),
    };
  },
};

function lineOf({ name, metrics }: AblationRow): string {
  const { hr20, mrr20, hr20_excluding_current: hr, mrr20_excluding_current: mrr } = metrics;
  return `  ${[hr20, mrr20, hr, mrr].map((value) => value.toFixed(4)).join('  ')}  ${name}`;
}
