/**
 * Where a credential may go: `api.example.com`, that host at any port; `api.example.com:8443`, at this port only; `*.example.com`, every name
 * below, and not `example.com` itself. Kept in lower case, names in other alphabets as the network has them (`xn--…`).
 */

/** Names under which strangers register theirs: `*.com.br` would be everybody's. */
const registries = new Set(['ac', 'co', 'com', 'edu', 'gob', 'gov', 'gouv', 'mil', 'ne', 'net', 'nom', 'or', 'org']);
const hosting = new Set([
  ...['amazonaws.com', 'appspot.com', 'azurewebsites.net', 'blogspot.com', 'cloudfront.net', 'fly.dev', 'github.io'],
  ...['gitlab.io', 'herokuapp.com', 'netlify.app', 'ngrok.app', 'ngrok.io', 'ngrok-free.app', 'onrender.com'],
  ...['pages.dev', 'run.app', 'vercel.app', 'web.app', 'workers.dev'],
]);

/** The pattern as it is kept, or `null` for what is none or would be too wide. */
export function readHostPattern(written: string): string | null {
  const [, star, name, digits] =
    /^(\*\.)?(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\%*]+)(?::(\d{1,5}))?$/i.exec(written.trim()) ?? [];
  if (name === undefined || name.startsWith('.') || name.includes('..')) return null;
  const port = digits === undefined ? null : Number(digits);
  if (port !== null && (port < 1 || port > 65_535)) return null;
  if (!URL.canParse(`https://${name}`)) return null;
  const host = hostOf(new URL(`https://${name}`));
  if (host.length > 253 || !/^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/.test(host)) return null;
  if (star !== undefined && isTooWide(host)) return null;
  return `${star ?? ''}${host}${port === null ? '' : `:${port}`}`;
}

function isTooWide(suffix: string): boolean {
  const labels = suffix.split('.');
  const [first = '', last = ''] = [labels[0], labels.at(-1)];
  if (labels.length < 2 || /^\d+$/.test(last) || suffix.startsWith('[')) return true;
  return hosting.has(suffix) || (labels.length === 2 && last.length === 2 && registries.has(first));
}

/** Whether a request to this address is one to a host of the patterns. */
export function fitsHosts(hosts: readonly string[], url: URL): boolean {
  const host = hostOf(url);
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  return hosts.some((pattern) => {
    const [, star, name, wanted] = /^(\*\.)?(\[[^\]]*\]|[^:]+)(?::(\d+))?$/.exec(pattern) ?? [];
    if (name === undefined || (wanted !== undefined && wanted !== port)) return false;
    return star === undefined ? host === name : host.endsWith(`.${name}`) && host.length > name.length + 1;
  });
}

/** In lower case and without the dot that may end a full name. */
const hostOf = (url: URL): string => url.hostname.toLowerCase().replace(/\.$/, '');
