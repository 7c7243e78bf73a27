import { pino, type DestinationStream, type Logger, type LoggerOptions } from 'pino';

/** Named wherever it may stand in what we log: a slip of the pen must not become a leak. */
const secrets = ['authorization', 'password', 'accessToken', 'refreshToken', 'token', 'secret', 'apiKey', 'masterKey'];

/** The log of the process: JSON lines, one a request at `info`. Texts of customers and secrets are never in it. */
export function createLog(level: string): Logger {
  const options: LoggerOptions = {
    level,
    redact: {
      paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'req.headers', 'headers', 'res.headers'],
      censor: '[secret]',
    },
    serializers: {
      // The path alone: a query may hold a token.
      req: (request: { method: string; url: string; id: string; ip: string }) => ({
        method: request.method,
        path: request.url.split('?')[0],
        ip: request.ip,
      }),
      res: (reply: { statusCode: number }) => ({ statusCode: reply.statusCode }),
      err: pino.stdSerializers.err,
    },
  };
  return pino(options, (output ??= gathering()));
}

/** The one of this process, which has one output. */
let output: Output | undefined;
type Output = DestinationStream & { flushSync(): void };

/** Writes what is said in one turn of the event loop in one go, so that fifty requests that one commit answers are one write. Nothing is lost to an exit. */
function gathering(): Output {
  const stdout = pino.destination({ dest: 1, sync: true });
  let said = '';
  const flushSync = (): void => {
    const lines = said;
    said = '';
    if (lines) stdout.write(lines);
  };
  process.on('exit', flushSync);
  return {
    write(line) {
      if (!said) setImmediate(flushSync);
      said += line;
    },
    flushSync,
  };
}
