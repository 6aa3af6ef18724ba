import { accept, fakePubSub } from '../../test/helpers/fake-pubsub.ts';

/** A Pub/Sub that acknowledges every publish, in a process of its own; tells its port. */
const { port, requests } = await fakePubSub([
  (request, callback) => {
    accept(request, callback);
    // What was sent is not kept: the benchmark sends without end.
    requests.length = 0;
  },
]);
process.send?.(port);
process.on('disconnect', () => process.exit());
