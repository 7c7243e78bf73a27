import { pino, type Logger } from 'pino';

/** Named wherever it may stand in what we log: a slip of the pen must not become a leak. */
const secrets = ['authorization', 'password', 'accessToken', 'refreshToken', 'token', 'secret', 'apiKey', 'masterKey'];

/** The log of the process: JSON lines, one a request at `info`. Texts of customers and secrets are never in it. */
export function createLog(level: string): Logger {
  return pino({
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
  });
}
