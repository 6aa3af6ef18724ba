import { type MessagePort, Worker } from 'node:worker_threads';
import { readArtifact } from './artifact.ts';
import { type Answer, makePredict, type Predict } from './predict.ts';
import { makeRecommender } from './recommender.ts';
import { type SharedFiles, sharedArtifact } from './shared-artifact.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly files: SharedFiles;
  readonly place: string;
}

interface Thread {
  readonly worker: Worker;
  /** Who waits for answers, the first asked first. */
  readonly waiting: ((answer: Answer) => void)[];
}

/**
 * Starts threads that answer predictions from one artifact in memory that they share, each request by the thread with the
 * least to do. A thread that dies ends the process, as an error outside a thread would, so that the platform starts it
 * anew.
 * @param program a module that calls `serveThread` when it is run as a thread
 */
export async function startPredictionThreads(
  program: URL,
  count: number,
  data: ThreadData,
): Promise<Predict> {
  const threads = await Promise.all(Array.from({ length: count }, () => startThread(program, data)));
  const idlest = (): Thread | undefined =>
    threads.reduce((best, thread) => (thread.waiting.length < best.waiting.length ? thread : best));
  return (body) =>
    new Promise((resolve) => {
      const thread = idlest();
      // A copy of its own is moved to the thread; the body may be a part of a larger buffer.
      const bytes = new Uint8Array(body);
      thread?.waiting.push(resolve);
      thread?.worker.postMessage(bytes, [bytes.buffer]);
    });
}

/** Answers what comes over the port, in order, from when the artifact is read. */
export async function serveThread(port: MessagePort, { files, place }: ThreadData): Promise<void> {
  const predict = makePredict(makeRecommender(await readArtifact(sharedArtifact(files, place))));
  port.on('message', (body: Uint8Array) => port.postMessage(predict(body)));
  port.postMessage('ready');
}

async function startThread(program: URL, workerData: ThreadData): Promise<Thread> {
  const worker = new Worker(program, { workerData });
  const waiting: ((answer: Answer) => void)[] = [];
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('error', reject);
  });
  worker.removeAllListeners('error');
  worker.on('message', (answer: Answer) => waiting.shift()?.(answer));
  return { worker, waiting };
}
