import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { encodedAnswer } from './profiles.ts';

/*
 * A process that takes commits of so many documents over gRPC (the first argument), does nothing, and answers as if they
 * were written: what remains is the transport and the client, which no emulator can be faster than.
 */

const answer = encodedAnswer(Number(process.argv[2]));
const pass = (bytes: Buffer): Buffer => bytes;
const server = new Server({ 'grpc.max_receive_message_length': -1 });
server.addService(
  {
    Commit: {
      path: '/google.firestore.v1.Firestore/Commit',
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    },
  },
  { Commit: (_call: ServerUnaryCall<Buffer, Buffer>, reply: sendUnaryData<Buffer>) => reply(null, answer) },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.send?.({ ready: { url: `http://127.0.0.1:${port}` } });
});
