import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a key looks like: private keys, and keys and tokens of Google, GitHub, npm and AWS. */
export const KEY_FORMS = new RegExp(
  [
    '-----BEGIN (?:RSA |EC )?PRIVATE KEY-----(?:\\\\?n|\\s)*[A-Za-z0-9+/]{20}',
    'AIza[0-9A-Za-z_-]{35}',
    'ya29\\.[0-9A-Za-z_-]{20}',
    'GOCSPX-[0-9A-Za-z_-]{20}',
    'gh[pousr]_[0-9A-Za-z]{36}',
    'npm_[0-9A-Za-z]{36}',
    'AKIA[0-9A-Z]{16}',
    '"private_key"\\s*:\\s*"-----',
  ].join('|'),
);

/** Variables whose values are nobody's business. */
const SECRET_NAME = /KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL/;
/** Shorter values, as `1` or `true`, are in any text. */
const SHORTEST_SECRET = 8;

/** What must not be in a bundle, beside keys of a known form. */
export interface Confidential {
  /** Paths of the machine that builds: its checkout, its home. */
  readonly paths: readonly string[];
  /** Its environment: values of variables with a secret's name are looked for. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Looks through every file of a folder for keys, values of the builder's own secrets, and paths of its machine.
 * @returns what was found where, in words that do not repeat it
 */
export async function findLeaks(folder: string, confidential: Confidential): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(async (file) =>
      leaksIn(await readFile(file, 'utf8'), confidential).map((leak) => `${file} has ${leak}`),
    ),
  );
  return found.flat();
}

function leaksIn(text: string, { paths, environment }: Confidential): readonly string[] {
  const secrets = Object.entries(environment).filter(
    ([name, value = '']) => SECRET_NAME.test(name) && value.length >= SHORTEST_SECRET && text.includes(value),
  );
  return [
    ...(KEY_FORMS.test(text) ? ['a key of a known form'] : []),
    ...secrets.map(([name]) => `the value of the variable ${name}`),
    ...paths.filter((path) => text.includes(path)).map((path) => `the path ${path} of this machine`),
  ];
}
