import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { messageOf } from '../shared/errors.ts';
import { drawRatioChart } from './tools/ratio-chart.ts';

const USAGE = `Usage: npm run --silent bench -- --json | npm run bench:plot

Draws docs/plots/bench.svg, each ratio against its aim, from the rows that benchmarks print with --json, on standard input.
`;
const FILE = fileURLToPath(new URL('../docs/plots/bench.svg', import.meta.url));

const Row = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string(),
  against: z.string(),
  ratio: z.number(),
  aim: z.number().nullable(),
  met: z.boolean().nullable(),
  better: z.enum(['more', 'less']),
  spread: z.tuple([z.number(), z.number()]),
  load: z.number(),
});

if (process.argv.length > 2 || process.stdin.isTTY) {
  process.stdout.write(USAGE);
} else {
  try {
    const rows: z.infer<typeof Row>[] = [];
    for await (const line of createInterface({ input: process.stdin }))
      rows.push(Row.parse(JSON.parse(line)));
    await writeFile(FILE, drawRatioChart('Ratios against their aims', rows));
    process.stderr.write(`drew ${rows.length} rows in ${FILE}\n`);
  } catch (error) {
    process.stderr.write(`standard input has a line that is no row of a benchmark: ${messageOf(error)}\n`);
    process.exitCode = 2;
  }
}
