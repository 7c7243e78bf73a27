/** What holds for every route, above all of them in the reference. Markdown; docs/api.md says the same with a walk through it. */
export const introduction = `Everything that the web app does is done through this API. JSON in and out; times in ISO 8601, UTC; ids are UUIDv7.

## Who calls

\`Authorization: Bearer …\`, with one of two:

- **bearer**: the \`accessToken\` of a person, from \`POST /auth/login\`. Good for 15 minutes; \`POST /auth/refresh\` changes the \`refreshToken\` for a new pair, once.
- **apiKey**: a key for programs, from \`POST /api-keys\`. It may what its scopes say and its maker still may. Each route names its scope in \`x-permission\`.

What belongs to somebody else is a 404, exactly like what does not exist. WebSockets take the token as \`?token=\`, best a ticket from \`POST /realtime/ticket\`.

## Errors

One shape: \`{ error: { code, message, details?, requestId } }\`. Rely on \`code\`; \`message\` follows \`Accept-Language\` (pt-BR, en); \`details\` says for bad input
where each fault is. A 503 or a 429 says in \`Retry-After\` when it is worth trying again.

## Writing twice

Writes take an \`Idempotency-Key\`: the same request again within a day gets the first one's answer, with \`Idempotency-Replayed: true\`; another request with
the same key gets a 409. So do the addresses that other systems call, with a 422 for another request, and what they refused may be sent again under its key.

## Lists

\`limit\` (1 to 100) and \`cursor\` in, \`{ items, nextCursor }\` out, newest first unless a route says otherwise. \`null\` is the last page.

## Limits

Counted a minute for the address, for the organization and for the caller, apart for reading, writing and what is expensive. \`RateLimit-Policy\` and
\`RateLimit\` (draft-ietf-httpapi-ratelimit-headers-11) say what holds and what is left.`;
