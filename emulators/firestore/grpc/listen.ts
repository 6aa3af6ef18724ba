import type { ServerDuplexStream } from '@grpc/grpc-js';
import { FirestoreError } from '../firestore-error.ts';
import type { ListenStream } from '../listen.ts';
import { databaseOfRequest } from '../methods/database.ts';
import { type Message, PROTO_FORM } from '../wire/form.ts';
import { readListenRequest, writeListenEvent } from '../wire/listen.ts';
import type { GrpcOptions } from './server.ts';
import { statusOf } from './status.ts';

/** Clients take a stream for dead after two minutes of silence. */
const HEARTBEAT_MS = 30_000;

/** Firestore.Listen: targets come in, what happens to their documents goes out. */
export function makeListenHandler({ backend, authorize, faults }: GrpcOptions) {
  return (call: ServerDuplexStream<Message, Message>): void => {
    let stream: Promise<ListenStream> | undefined;
    let heart: NodeJS.Timeout | undefined;
    let open = true;

    async function start(request: Message): Promise<ListenStream> {
      if (await faults.strike('Listen')) throw new FirestoreError('UNAVAILABLE', 'A fault was injected.');
      const [authorization] = call.metadata.get('authorization');
      const access = await authorize(authorization?.toString(), databaseOfRequest(request));
      const started = backend.listen((events) => {
        if (open) for (const event of events) call.write(writeListenEvent(event, PROTO_FORM));
      }, access);
      heart = setInterval(() => started.heartbeat(), HEARTBEAT_MS);
      heart.unref();
      return started;
    }

    async function take(request: Message): Promise<void> {
      stream ??= start(request);
      const started = await stream;
      if (!open) return;
      const action = readListenRequest(request);
      if (action.kind === 'add') started.add(action.target);
      else started.remove(action.targetId);
    }

    function end(): void {
      if (!open) return;
      open = false;
      clearInterval(heart);
      stream?.then((started) => started.close()).catch(() => undefined);
    }

    call.on('data', (request: Message) => {
      take(request).catch((error: unknown) => {
        if (!open) return;
        end();
        call.emit('error', statusOf(error));
      });
    });
    call.on('end', () => {
      end();
      call.end();
    });
    call.on('cancelled', end);
    call.on('error', end);
  };
}
