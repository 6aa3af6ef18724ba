/**
 * Prints what one ranking allocates on the JavaScript heap, in bytes, once the code is compiled, and how many candidates
 * it scores: `{"bytes":…,"candidates":…}`. To be run with a young generation so large that nothing is collected meanwhile:
 * --min-semi-space-size=256 --max-semi-space-size=256.
 */
import { buildModel } from '../../model/build.ts';
import { makeRanker } from '../../model/recommender.ts';
import { aisleSessions } from './sessions.ts';

const WARM_UP = 3000;
const MEASURED = 1000;
const ROUNDS = 10;

const model = await buildModel(aisleSessions(1500));
const ranker = makeRanker(model);
if (!ranker) throw new Error(`the model orders by ${model.manifest.method}, which ranks nothing`);
const session = Uint32Array.of(3, 17, 4, 5, 17, 9);
const kinds = new Uint8Array(session.length);
let candidates = 0;
for (let round = 0; round < WARM_UP; round++) candidates = ranker.rank(session, kinds, session.length).size;
// On a busy machine the compiler may come late: the least of several rounds is that of compiled code.
let bytes = Number.POSITIVE_INFINITY;
for (let round = 0; round < ROUNDS; round++) {
  const before = process.memoryUsage().heapUsed;
  for (let turn = 0; turn < MEASURED; turn++) ranker.rank(session, kinds, session.length);
  bytes = Math.min(bytes, (process.memoryUsage().heapUsed - before) / MEASURED);
}
process.stdout.write(`${JSON.stringify({ bytes, candidates })}\n`);
