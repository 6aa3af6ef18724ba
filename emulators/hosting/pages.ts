import { fileURLToPath } from 'node:url';
import { type Child, startChild } from '../processes/child.ts';

const BUILD = fileURLToPath(new URL('../../web/build.ts', import.meta.url));

/** The pages of `web/`, built when somebody first looks; again where that failed. */
export interface Pages {
  /** The folder, once every page is in it. Rejects with the builder's last words where they cannot be built. */
  folder(): Promise<string>;
  stop(): Promise<void>;
}

/** Builds into a folder, in a process of its own: a second of work that the stack's start does not wait for. */
export function makePages(folder: string): Pages {
  let building: { readonly built: Promise<string>; readonly stop: () => Promise<void> } | undefined;
  return {
    folder: () => {
      if (!building) {
        building = startBuild(folder);
        building.built.catch(() => {
          building = undefined;
        });
      }
      return building.built;
    },
    stop: async () => building?.stop(),
  };
}

function startBuild(folder: string): { readonly built: Promise<string>; readonly stop: () => Promise<void> } {
  const words: string[] = [];
  let child: Child | undefined;
  const built = new Promise<string>((resolve, reject) => {
    child = startChild({
      name: 'pages',
      args: [BUILD, '--out', folder],
      onLine: (line) => words.push(line),
      onDeath: ({ code }) => {
        if (code === 0) resolve(folder);
        else reject(new Error(`the pages of web/ could not be built:\n${words.slice(-12).join('\n')}`));
      },
    });
  });
  return { built, stop: async () => child?.stop() };
}
