/** One word of a command: text, or text around what another command prints. */
export type Word = string | { readonly before: string; readonly output: Command; readonly after: string };

/** A command line, run in the repository's root. */
export interface Command {
  readonly program: 'gcloud' | 'node' | 'npx';
  readonly words: readonly Word[];
  /** Standard input: a secret that is made then and there, and shown nowhere. */
  readonly input?: 'random-secret';
}

/** A gcloud command: what is done, on what, then flags, each in the form `--name=value`. */
export function gcloud(...words: readonly Word[]): Command {
  return { program: 'gcloud', words };
}

/** A word with another command's output in its middle. */
export function withOutput(before: string, output: Command, after = ''): Word {
  return { before, output, after };
}

/** The command as a shell takes it (POSIX), on one line. */
export function shellLine({ program, words, input }: Command): string {
  const line = [program, ...words.map(shellWord)].join(' ');
  return input === 'random-secret' ? `openssl rand -hex 32 | tr -d '\\n' | ${line}` : line;
}

function shellWord(word: Word): string {
  if (typeof word === 'string')
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
  return `"${word.before}$(${shellLine(word.output)})${word.after}"`;
}

/** Every gcloud command in a command, those whose output it takes before it; outputs stand as `OUTPUT`. */
export function gcloudLines(command: Command): readonly string[] {
  const inner = command.words.flatMap((word) => (typeof word === 'string' ? [] : gcloudLines(word.output)));
  if (command.program !== 'gcloud') return inner;
  const words = command.words.map((word) =>
    typeof word === 'string' ? word : `${word.before}OUTPUT${word.after}`,
  );
  return [...inner, shellLine({ program: 'gcloud', words })];
}
