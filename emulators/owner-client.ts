import { Firestore } from '@google-cloud/firestore';

/** The official client onto a Firestore emulator at `host:port`, with the project owner's rights: rules do not hold it. */
export function ownerClient(host: string, projectId: string): Firestore {
  const [address = '', port] = host.split(':');
  return new Firestore({
    projectId,
    host: address,
    port: Number(port),
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
  });
}
