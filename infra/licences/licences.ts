import { readFile } from 'node:fs/promises';
import { ALLOWED, EXCEPTIONS } from './allowed.ts';

/** A package and the licence it says it has: an SPDX expression, or `unknown`. */
export interface PackageLicence {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
}

interface Locked {
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
}

/**
 * The packages of package-lock.json, sorted by name, with the licence that the lock file or the installed package tells.
 * @param root folder of package-lock.json
 */
export async function readLicences(
  root: URL,
  { development }: { readonly development: boolean },
): Promise<readonly PackageLicence[]> {
  const lock = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8')) as {
    readonly packages: Readonly<Record<string, Locked>>;
  };
  const found = new Map<string, PackageLicence>();
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (path === '' || locked.version === undefined) continue;
    if (!development && (locked.dev || locked.devOptional)) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const licence = locked.license ?? (await installedLicence(new URL(`${path}/package.json`, root)));
    found.set(`${name}@${locked.version}`, { name, version: locked.version, licence });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Whether a package may be shipped: by its licence, or by an exception. */
export function mayShip({ name, licence }: PackageLicence): boolean {
  return isAllowed(licence) || Object.hasOwn(EXCEPTIONS, name);
}

/** Whether an SPDX expression may be met by allowed licences: every one of AND, one of OR. https://spdx.github.io/spdx-spec/ */
export function isAllowed(expression: string): boolean {
  const parts = (text: string, word: string): readonly string[] => text.split(new RegExp(`\\s+${word}\\s+`));
  const plain = expression.replace(/[()]/g, ' ').trim();
  // Without nesting, as all packages write it: AND binds more than OR.
  return parts(plain, 'OR').some((either) =>
    parts(either.trim(), 'AND').every((each) => ALLOWED.has(each.trim())),
  );
}

/** Older packages have `{type}` or a list of such. */
async function installedLicence(manifest: URL): Promise<string> {
  try {
    const { license, licenses } = JSON.parse(await readFile(manifest, 'utf8')) as {
      readonly license?: string | { readonly type?: string };
      readonly licenses?: readonly { readonly type?: string }[];
    };
    const told = typeof license === 'string' ? license : (license?.type ?? licenses?.[0]?.type);
    return told ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
