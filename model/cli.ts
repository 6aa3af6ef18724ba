import { parseArgs } from 'node:util';
import { messageOf } from '../shared/errors.ts';
import { ablateCommand } from './ablate-command.ts';
import { curveCommand } from './curve-command.ts';
import { evaluateCommand } from './evaluate-command.ts';
import { growthCommand } from './growth-command.ts';
import { type ModelCommand, OPTIONS, UsageError } from './model-command.ts';
import { plotCommand } from './plot-command.ts';
import { historyCommand, promoteCommand, rollbackCommand } from './release/release-commands.ts';
import { trainCommand } from './train-command.ts';
import { tuneCommand } from './tune-command.ts';

const COMMANDS: Readonly<Record<string, ModelCommand>> = {
  evaluate: evaluateCommand,
  train: trainCommand,
  tune: tuneCommand,
  curve: curveCommand,
  ablate: ablateCommand,
  growth: growthCommand,
  plot: plotCommand,
  history: historyCommand,
  promote: promoteCommand,
  rollback: rollbackCommand,
};

const HELP = `npm run model -- COMMAND [options]

${Object.values(COMMANDS)
  .map(({ usage, summary }) => `  ${usage}\n      ${summary}`)
  .join('\n')}

  --format srgnn     one session a line, items separated by spaces, oldest first; test: next TAB items (default)
  --format sessions  a table SessionId TAB ItemId TAB Time (seconds), one click a line
  --local            the models of a running npm start, instead of the project GOOGLE_CLOUD_PROJECT names
  --json             one JSON object on stdout
  --help             this text

Files may be gzipped. Figures go to stdout, progress to stderr; the exit status is not zero on failure.
`;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [name = ''] = positionals;
  const command = COMMANDS[name];
  if (!command)
    throw new UsageError(`"${name}" is no command: ${Object.keys(COMMANDS).join(', ')} are. See --help.`);
  const started = Date.now();
  const progress = (step: string): void =>
    void process.stderr.write(`${((Date.now() - started) / 1000).toFixed(1)} s  ${step}\n`);
  const result = await command.run(values, progress);
  process.stdout.write(values.json ? `${JSON.stringify(result.json)}\n` : result.text);
  return 0;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new UsageError(`${messageOf(error)} See --help.`);
  }
}
