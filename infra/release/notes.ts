import { ConfigError } from '../../shared/errors.ts';

/**
 * The section of a changelog under `## VERSION`, without its heading; a date may follow the version there.
 * @param version as `1.2.0`, or as a tag, `v1.2.0`
 * @throws ConfigError where there is no such section, or nothing in it
 */
export function notesOf(changelog: string, version: string): string {
  const wanted = version.replace(/^v(?=\d)/, '');
  const sections = changelog.split(/^## /m).slice(1);
  const titles = sections.map((section) => section.split(/\s/, 1)[0] ?? '');
  const section = sections[titles.indexOf(wanted)];
  const notes = section?.replace(/^.*\n?/, '').trim();
  if (notes) return notes;
  const what = section === undefined ? 'has no section' : 'says nothing';
  throw new ConfigError(
    `CHANGELOG.md ${what} for ${wanted}; it has ${titles.join(', ') || 'none'}. Move what is new from "Unreleased" under "## ${wanted}" before the tag is set.`,
  );
}
