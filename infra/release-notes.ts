import { readFile } from 'node:fs/promises';
import { messageOf } from '../shared/errors.ts';
import { notesOf } from './release/notes.ts';

/** `npm run release:notes -- v1.2.0`: prints what CHANGELOG.md says of a version. */
const USAGE =
  'Usage: npm run release:notes -- VERSION\n\nPrints the section of CHANGELOG.md with that heading, as 1.2.0.\n';
const [version = '--help'] = process.argv.slice(2);
if (/^(-h|--help)$/.test(version)) process.stdout.write(USAGE);
else {
  try {
    const changelog = await readFile(new URL('../CHANGELOG.md', import.meta.url), 'utf8');
    process.stdout.write(`${notesOf(changelog, version)}\n`);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exitCode = 1;
  }
}
