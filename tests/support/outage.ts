import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that a test can cut. */
export interface Line {
  /** The server's URL by way of this line. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Keeps every connection and lets nothing through, for ever on those; new ones are taken and hear nothing until it is mended. */
  hush(): void;
  mend(): void;
  /** Takes new connections to another server; those that are there stay where they are. */
  turn(target: string): void;
  /** How many new connections it has refused. */
  refused(): number;
  close(): Promise<void>;
}

/** `alter` may change what the server says; it must keep its length. */
export async function lineTo(target: string, alter: (said: string) => string = (said) => said): Promise<Line> {
  let { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let broken = false;
  let silent = false;
  let refused = 0;
  const server = createServer((near) => {
    if (broken) {
      refused += 1;
      return void near.destroy();
    }
    if (silent) {
      sockets.add(near);
      near.on('error', () => {}).on('close', () => sockets.delete(near));
      return void near.resume();
    }
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (one === near) one.pipe(other);
      else one.on('data', (data) => other.write(alter(data.toString('latin1')), 'latin1'));
    }
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  url.hostname = '127.0.0.1';
  const breakAll = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    cut() {
      broken = true;
      breakAll();
    },
    hush() {
      silent = true;
      for (const socket of sockets) socket.unpipe().removeAllListeners('data').resume();
    },
    turn: (other) => ({ hostname, port } = new URL(other)),
    refused: () => refused,
    mend() {
      broken = false;
      silent = false;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        breakAll();
      }),
  };
}
