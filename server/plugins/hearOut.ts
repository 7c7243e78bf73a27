import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** Most that is heard of a body that was refused for its size, and for how long. Beyond it the connection just breaks. */
const MOST_BYTES = 64_000_000;
const LONGEST_MS = 10_000;

/**
 * A body that is too large is refused before it was read, and the connection closes with the answer. Who is still sending then meets a
 * broken pipe instead of the 413 (RFC 9112, 9.6), so the rest is let run out first, up to a limit.
 */
export function hearOut(app: FastifyInstance): void {
  app.addHook('onSend', ({ raw }, reply, _payload, done) => {
    if (reply.statusCode !== 413 || raw.complete) return done();
    // Fastify goes on when what it is given is settled.
    return runOut(raw);
  });
}

function runOut(request: IncomingMessage): Promise<void> {
  return new Promise((done) => {
    let heard = 0;
    const patience = setTimeout(finish, LONGEST_MS);
    request.on('data', count).on('close', finish).on('end', finish).on('error', finish).resume();

    function count(chunk: Buffer): void {
      heard += chunk.length;
      if (heard > MOST_BYTES) finish();
    }
    function finish(): void {
      clearTimeout(patience);
      request.off('data', count).off('close', finish).off('end', finish);
      done();
    }
  });
}
