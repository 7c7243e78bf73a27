import { describe, expect, it } from 'vitest';
import { fitsHosts, readHostPattern } from './hosts.js';

describe('a host pattern', () => {
  it.each([
    ['api.example.com', 'api.example.com'],
    [' API.Example.com ', 'api.example.com'],
    ['api.example.com.', 'api.example.com'],
    ['api.example.com:8443', 'api.example.com:8443'],
    ['*.example.com', '*.example.com'],
    ['*.loja.example.com.br', '*.loja.example.com.br'],
    ['pão.example', 'xn--po-sia.example'],
    ['127.0.0.1:8080', '127.0.0.1:8080'],
    ['0x7f.1', '127.0.0.1'],
    ['[::1]:8080', '[::1]:8080'],
    ['crm', 'crm'],
  ])('%s is kept as %s', (written, kept) => expect(readHostPattern(written)).toBe(kept));

  it.each([
    ...[
      '',
      '*',
      '*.',
      '*.*',
      '*.com',
      '*.com.br',
      '*.co.uk',
      '*.github.io',
      'a.*.com',
      '**.example.com',
      '*example.com',
    ],
    ...['https://api.example.com', 'api.example.com/path', 'user@api.example.com', 'a b.com', 'a..b', '.example.com'],
    ...[
      'api.example.com:0',
      'api.example.com:70000',
      'api.example.com:x',
      '*.127.0.0.1',
      '*.[::1]',
      'a%2eb.com',
      'a\\b.com',
    ],
    ...['api.example.com,other.example.com', 'api.example.com?x', 'api.example.com#x'],
  ])('%j is none', (written) => expect(readHostPattern(written)).toBeNull());

  it.each([
    ['api.example.com', 'https://api.example.com/x', true],
    ['api.example.com', 'https://API.EXAMPLE.COM./x', true],
    ['api.example.com', 'https://api.example.com:8443/', true],
    ['api.example.com:8443', 'https://api.example.com:8443/', true],
    ['api.example.com:443', 'https://api.example.com/', true],
    ['api.example.com:443', 'http://api.example.com/', false],
    ['api.example.com:8443', 'https://api.example.com/', false],
    ['api.example.com', 'https://api.example.com.evil.test/', false],
    ['api.example.com', 'https://evilapi.example.com/', false],
    ['api.example.com', 'https://api-example.com/', false],
    ['api.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://a.example.com/', true],
    ['*.example.com', 'https://a.b.example.com/', true],
    ['*.example.com', 'https://example.com/', false],
    ['*.example.com', 'https://evilexample.com/', false],
    ['*.example.com', 'https://example.com.evil.test/', false],
    ['127.0.0.1:8080', 'http://2130706433:8080/', true],
    ['127.0.0.1:8080', 'http://127.0.0.1:8081/', false],
    ['[::1]:8080', 'http://[::1]:8080/', true],
  ])('%s for %s: %s', (pattern, url, fits) => expect(fitsHosts([pattern], new URL(url))).toBe(fits));
});
