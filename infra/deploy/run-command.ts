import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { type Command, shellLine, type Word } from './command.ts';

/** What a command that ended printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. Rejects only where it cannot be started. */
export type RunCommand = (command: Command) => Promise<Outcome>;

/** A command failed that another took its words from. */
export class LookupError extends Error {
  override readonly name = 'LookupError';
  readonly outcome: Outcome;
  readonly command: Command;

  constructor(command: Command, outcome: Outcome) {
    super(`${shellLine(command)} printed nothing: ${outcome.stderr.trim() || `exit ${outcome.code}`}`);
    this.command = command;
    this.outcome = outcome;
  }
}

const MOST_OUTPUT_BYTES = 16 * 1024 * 1024;

/**
 * Runs commands in `root`; outputs that commands take into their words are looked up once.
 * @throws LookupError where such an output is missing.
 */
export function makeRunCommand(root: string, env: NodeJS.ProcessEnv = process.env): RunCommand {
  const outputs = new Map<string, Promise<string>>();

  const lookUp = (command: Command): Promise<string> => {
    const line = shellLine(command);
    const known = outputs.get(line);
    if (known !== undefined) return known;
    const output = run(command).then((outcome) => {
      const text = outcome.stdout.trim();
      if (outcome.code === 0 && text !== '') return text;
      throw new LookupError(command, outcome);
    });
    outputs.set(line, output);
    // What is not there yet may be there later.
    output.catch(() => outputs.delete(line));
    return output;
  };

  const settle = async (word: Word): Promise<string> =>
    typeof word === 'string' ? word : `${word.before}${await lookUp(word.output)}${word.after}`;

  const run: RunCommand = async (command) => {
    const words = await Promise.all(command.words.map(settle));
    const program = command.program === 'node' ? process.execPath : command.program;
    return new Promise((resolve, reject) => {
      const child = execFile(
        program,
        words,
        { cwd: root, env: { CLOUDSDK_CORE_DISABLE_PROMPTS: '1', ...env }, maxBuffer: MOST_OUTPUT_BYTES },
        (error, stdout, stderr) => {
          if (error && typeof error.code !== 'number') reject(error);
          else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
        },
      );
      child.stdin?.end(command.input === 'random-secret' ? randomBytes(32).toString('hex') : '');
    });
  };
  return run;
}
