import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../shared/errors.ts';
import { drawLineChart } from './line-chart.ts';
import { type ModelCommand, required, UsageError } from './model-command.ts';
import { chartsOf, Figures } from './plots.ts';

export const plotCommand: ModelCommand = {
  usage: 'plot --from FILE[,FILE…] --out DIRECTORY',
  summary: 'draws what evaluate, growth and curve printed with --json, as SVG',
  async run(values, progress) {
    const files = required(values.from, 'from').split(',');
    const out = required(values.out, 'out');
    const figures = await Promise.all(files.map(readFigures));
    await mkdir(out, { recursive: true });
    const written: string[] = [];
    for (const [name, chart] of Object.entries(chartsOf(figures))) {
      await writeFile(join(out, name), drawLineChart(chart));
      written.push(join(out, name));
      progress(`drew ${name}`);
    }
    return { json: { written }, text: `${written.join('\n')}\n` };
  },
};

async function readFigures(file: string): Promise<Figures> {
  try {
    return Figures.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new UsageError(
      `--from ${file} holds no figures: give what evaluate, growth or curve printed with --json (${messageOf(cause)})`,
      { cause },
    );
  }
}
