import { Firestore } from '@google-cloud/firestore';
import { runCommand, wholeNumber } from '../../../shared/command-line.ts';
import { ConfigError } from '../../../shared/errors.ts';
import { COLLECTIONS } from '../../../shared/pipeline.ts';
import { makeFirestoreLedger } from '../firestore-ledger.ts';
import type { LoadRecord, Totals } from '../ports.ts';

const USAGE = `Usage: npm run loads [-- OPTIONS]

The files that were put into the inbox bucket, newest first: how far each is loaded, and what came of its records.

  --limit N    so many; default 20
  --json       one JSON object to a line
  --help       this text

Reads the project that GOOGLE_CLOUD_PROJECT names, with your own credentials; of a running npm start after: source .nextclick/local.env
`;

type StoredLoad = LoadRecord & {
  readonly began_at: string;
  readonly ended_at?: string;
  readonly reason?: string;
};

await runCommand({
  call: 'npm run loads',
  usage: USAGE,
  options: { limit: { type: 'string', default: '20' }, json: { type: 'boolean', default: false } },
  run: async ({ limit, json }) => {
    const projectId = process.env.GOOGLE_CLOUD_PROJECT;
    if (!projectId) {
      throw new ConfigError(
        'GOOGLE_CLOUD_PROJECT is not set; of a running npm start: source .nextclick/local.env',
      );
    }
    const most = wholeNumber('limit', limit);
    const firestore = new Firestore({ projectId });
    try {
      const ledger = makeFirestoreLedger(firestore);
      const newest = firestore.collection(COLLECTIONS.loads).orderBy('began_at', 'desc').limit(most);
      const loads = (await newest.get()).docs.map((document) => document.data() as StoredLoad);
      for (const load of loads) {
        const totals = await ledger.totals(load.load_id);
        process.stdout.write(`${json ? JSON.stringify({ ...load, done: totals }) : line(load, totals)}\n`);
      }
      if (loads.length === 0 && !json)
        process.stdout.write('No file has been put into the inbox bucket yet.\n');
    } finally {
      await firestore.terminate();
    }
  },
});

function line(load: StoredLoad, totals: Totals): string {
  const chunks = load.state === 'loading' ? `${totals.chunks}/${load.chunks ?? '?'} chunks` : '';
  const seconds = (Date.parse(load.ended_at ?? new Date().toISOString()) - Date.parse(load.began_at)) / 1000;
  const figures = `${totals.read} read, ${totals.out} out, ${totals.failed} failed`;
  return [
    load.began_at.slice(0, 19),
    load.state.padEnd(9),
    `${(load.bytes / 1e6).toFixed(1).padStart(8)} MB`,
    `${seconds.toFixed(1).padStart(7)} s`,
    figures,
    chunks,
    load.object,
    load.reason ?? '',
  ]
    .filter((part) => part !== '')
    .join('  ');
}
