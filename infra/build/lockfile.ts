/** The part of a package-lock.json (lockfileVersion 3) that is read here. */
export interface Lockfile {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** One installed package: https://docs.npmjs.com/cli/configuring-npm/package-lock-json */
export interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly [field: string]: unknown;
}

/** What a bundle's package.json and package-lock.json both begin with. */
export interface BundleManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
}

/**
 * The lockfile of a bundle: of the repository's own, the packages that its dependencies need, each exactly as locked
 * there, so that a deployed function installs what was tested.
 * @throws Error where a dependency that is not optional is locked nowhere.
 */
export function pruneLockfile(whole: Lockfile, manifest: BundleManifest): object {
  const kept = new Map<string, LockedPackage>();
  const visit = (from: string, name: string, optional: boolean): void => {
    const path = locate(whole, from, name);
    const locked = path === undefined ? undefined : whole.packages[path];
    if (path === undefined || locked === undefined) {
      if (optional) return;
      throw new Error(
        `${name}, which ${from || manifest.name} needs, is not in package-lock.json: run npm install, then build again`,
      );
    }
    if (kept.has(path)) return;
    kept.set(path, withoutFlags(locked));
    for (const needed of Object.keys(locked.dependencies ?? {})) visit(path, needed, false);
    for (const needed of Object.keys(locked.optionalDependencies ?? {})) visit(path, needed, true);
    for (const needed of Object.keys(locked.peerDependencies ?? {}))
      visit(path, needed, locked.peerDependenciesMeta?.[needed]?.optional === true);
  };
  for (const name of Object.keys(manifest.dependencies)) visit('', name, false);
  const { name, version, dependencies, engines } = manifest;
  return {
    name,
    version,
    lockfileVersion: whole.lockfileVersion,
    requires: true,
    packages: {
      '': { name, version, dependencies, engines },
      ...Object.fromEntries([...kept].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

/** Node's own search: the folder of `from`, then every folder above it. */
function locate(whole: Lockfile, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (whole.packages[path] !== undefined) return path;
    if (folder === '') return undefined;
  }
}

/** Why the repository needs a package says nothing about why the bundle does. */
function withoutFlags({ dev, peer, devOptional, ...locked }: LockedPackage): LockedPackage {
  return locked;
}
