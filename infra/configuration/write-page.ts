import { writeFile } from 'node:fs/promises';
import { configurationPage } from './page.ts';

/** `npm run configuration`: writes docs/configuration.md. */
await writeFile(new URL('../../docs/configuration.md', import.meta.url), configurationPage());
