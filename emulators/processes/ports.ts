import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/**
 * Ports that systems give to nobody of their own accord, neither to a connection nor to who listens on port 0
 * (Linux from 32,768, others from 49,152): one that is told now is still free once its owner listens, and again when it restarts.
 */
const RANGE = { from: 10_240, to: 32_768 };

/** Processes begin in different places, or one might take what another has told but not yet opened. */
let next = randomInt(RANGE.from, RANGE.to);

/**
 * Ports nobody listens on, each different, and from those that this process told before.
 * @throws Error where nearly every port is taken
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = RANGE.from; ports.length < count; tried += 1) {
    if (tried === RANGE.to) throw new Error(`no port is free from ${RANGE.from} to ${RANGE.to - 1}`);
    const port = next;
    next = next + 1 === RANGE.to ? RANGE.from : next + 1;
    if (await isFree(port)) ports.push(port);
  }
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** A free port. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/**
 * Resolves once something accepts connections on the port.
 * @throws Error after `timeoutMs`, or as soon as `given up` says why.
 */
export async function portAnswers(
  port: number,
  timeoutMs: number,
  givenUp: () => string | undefined,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const reason = givenUp();
    if (reason !== undefined) throw new Error(reason);
    if (await accepts(port)) return;
    if (Date.now() > deadline)
      throw new Error(`nothing answered on port ${port} within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
