import { describe, expect, it } from 'vitest';
import { isTest, readSources, type SourceFile } from '#tests/support/structure.js';

/** What each room may import of ours, and which packages. The longest matching room counts. `*`: anything. Types may always be shared with tests. */
interface Room {
  readonly path: string;
  readonly ours: readonly string[];
  readonly packages: readonly string[] | '*';
  readonly why: string;
}

const rooms: readonly Room[] = [
  {
    path: 'nodes/sdk/',
    ours: ['nodes/sdk/'],
    packages: ['zod'],
    why: 'The ground floor runs in the browser: zod only.',
  },
  { path: 'nodes/registry.ts', ours: ['nodes/'], packages: [], why: 'The registry lists nodes.' },
  {
    path: 'nodes/',
    ours: ['nodes/sdk/'],
    packages: ['zod', 'croner'],
    why: 'A node does all I/O through ctx and never knows another node.',
  },
  {
    path: 'engine/graph/',
    ours: ['engine/graph/', 'nodes/sdk/'],
    packages: ['zod', '@marcbachmann/cel-js', 're2js', 'croner'],
    why: 'The graph runs in the browser.',
  },
  {
    path: 'engine/graph/document/',
    ours: ['engine/graph/', 'nodes/sdk/'],
    packages: ['yjs'],
    why: 'The draft as a shared document is read and written the same way in the browser and on the server.',
  },
  {
    path: 'engine/compile/',
    ours: ['engine/compile/', 'engine/run/', 'engine/graph/', 'nodes/sdk/'],
    packages: '*',
    why: 'The compiler knows graphs, not stores.',
  },
  {
    path: 'engine/run/',
    ours: [
      'engine/run/',
      'engine/compile/',
      'engine/graph/',
      'engine/signals/',
      'nodes/sdk/',
      'db/groupCommit.ts',
      'db/errors.ts',
      'db/failpoint.ts',
      'db/sealing/',
    ],
    packages: '*',
    why: 'Runs get their stores and capabilities as arguments.',
  },
  {
    path: 'engine/models/',
    ours: ['engine/models/', 'engine/signals/', 'nodes/sdk/'],
    packages: '*',
    why: 'The door to AI knows only the node SDK.',
  },
  {
    path: 'engine/knowledge/',
    ours: ['engine/knowledge/', 'engine/models/', 'nodes/sdk/', 'db/'],
    packages: '*',
    why: 'Knowledge stands on the database and embeddings.',
  },
  {
    path: 'engine/channels/',
    ours: ['engine/channels/', 'engine/signals/', 'nodes/sdk/'],
    packages: ['ajv', 'undici'],
    why: 'A channel knows its provider and the node SDK.',
  },
  {
    path: 'engine/signals/',
    ours: ['engine/signals/'],
    packages: [],
    why: 'How a wait ends knows nobody who waits.',
  },
  {
    path: 'engine/limits/',
    ours: ['engine/limits/', 'db/redis.ts'],
    packages: [],
    why: 'Counting what goes to others knows Redis, and nobody else.',
  },
  {
    path: 'engine/egress/',
    ours: ['engine/egress/', 'engine/signals/', 'nodes/sdk/'],
    packages: ['undici', 'ipaddr.js'],
    why: 'The one way out to addresses that tenants choose stands alone.',
  },
  {
    path: 'engine/connections/',
    ours: ['engine/connections/', 'engine/egress/', 'engine/graph/', 'nodes/sdk/', 'db/'],
    packages: [],
    why: 'Credentials stand on the database and the way out.',
  },
  {
    path: 'engine/worker/',
    ours: ['engine/', 'nodes/', 'db/'],
    packages: '*',
    why: 'The worker wires everything but server and editor.',
  },
  {
    path: 'db/',
    ours: ['db/', 'engine/graph/', 'nodes/sdk/'],
    packages: '*',
    why: 'The database knows definitions and nothing above.',
  },
  { path: 'server/main.ts', ours: ['server/', 'engine/', 'nodes/', 'db/'], packages: '*', why: 'A composition root.' },
  {
    path: 'server/',
    ours: [
      'server/',
      'engine/graph/',
      'engine/worker/',
      'engine/channels/',
      'engine/connections/',
      'engine/egress/',
      'engine/models/providers.ts',
      'nodes/registry.ts',
      'nodes/sdk/',
      'db/',
    ],
    packages: '*',
    why: 'The server reaches the engine through its queue.',
  },
  {
    path: 'start/',
    ours: ['start/', 'server/', 'engine/', 'nodes/', 'db/'],
    packages: '*',
    why: 'A composition root.',
  },
  {
    path: 'editor/src/',
    ours: ['editor/src/', 'engine/graph/'],
    packages: '*',
    why: 'The browser shares engine/graph at run time; of the server and the node SDK it knows types.',
  },
];

const sources = readSources();
const code = sources.filter((file) => !isTest(file.path));
const roomOf = (path: string): Room | undefined =>
  rooms.filter((room) => path.startsWith(room.path)).sort((a, b) => b.path.length - a.path.length)[0];

describe('who may import whom', () => {
  it.each(rooms)('$path', (room) => {
    const wrong = code
      .filter((file) => roomOf(file.path) === room)
      .flatMap((file) =>
        file.imports
          .filter((each) => {
            if (each.external) return !packageAllowed(room, each.target);
            if (room.path === 'editor/src/' && each.typeOnly && each.target.startsWith('nodes/sdk/')) return false;
            return !room.ours.some((allowed) => each.target.startsWith(allowed));
          })
          .map((each) => `${file.path} imports ${each.target}`),
      );
    expect(wrong, room.why).toEqual([]);
  });

  it('no source file is in a room that nobody described', () => {
    expect(code.filter((file) => !roomOf(file.path)).map((file) => file.path)).toEqual([]);
  });
});

const packageAllowed = (room: Room, name: string): boolean =>
  room.packages === '*' || room.packages.includes(name) || (name.startsWith('node:') && !browserRoom(room));
const browserRoom = (room: Room): boolean =>
  ['nodes/sdk/', 'nodes/', 'nodes/registry.ts', 'engine/graph/', 'engine/graph/document/'].includes(room.path);

describe('no circles', () => {
  it('of files', () => {
    expect(circles(code, (path) => path)).toEqual([]);
  });
});

function circles(files: readonly SourceFile[], nameOf: (path: string) => string): string[] {
  const edges = new Map<string, Set<string>>();
  for (const file of files)
    for (const each of file.imports) {
      if (each.external || isTest(each.target)) continue;
      const [from, to] = [nameOf(file.path), nameOf(each.target)];
      if (from !== to) edges.set(from, (edges.get(from) ?? new Set()).add(to));
    }
  const found: string[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const walk = (at: string, way: string[]): void => {
    if (state.get(at) === 'done') return;
    if (state.get(at) === 'open') return void found.push([...way.slice(way.indexOf(at)), at].join(' > '));
    state.set(at, 'open');
    for (const next of edges.get(at) ?? []) walk(next, [...way, at]);
    state.set(at, 'done');
  };
  for (const name of edges.keys()) walk(name, []);
  return found;
}

describe('nothing unused', () => {
  /** Started by a command or a tool, not imported. */
  const roots =
    /^(start\/(main|rotateKeys|databaseThread)|db\/embedded\/(makeTemplate|worker)|db\/migrations\/2|editor\/src\/(main|sw|landing\/paint|problems\/checker\.worker|api\/generated\/)|tests\/)|\.test\.tsx?$/;

  it('no file that nobody imports', () => {
    const imported = new Set(sources.flatMap((file) => file.imports.map((each) => each.target)));
    expect(code.filter((file) => !imported.has(file.path) && !roots.test(file.path)).map((file) => file.path)).toEqual(
      [],
    );
  });

  it('no export that nobody uses', () => {
    const words = new Map<string, Set<string>>();
    for (const file of sources)
      for (const [word] of file.text.matchAll(/[A-Za-z_$][\w$]*/g))
        words.set(word, (words.get(word) ?? new Set()).add(file.path));
    const unused = code
      .filter((file) => !roots.test(file.path))
      .flatMap((file) =>
        [
          ...file.text.matchAll(
            /^export (?:async )?(?:const|function\*?|class|interface|type|enum) ([A-Za-z_$][\w$]*)/gm,
          ),
        ]
          .map(([, name]) => name as string)
          .filter(
            (name) =>
              (words.get(name)?.size ?? 0) < 2 &&
              file.text.split(new RegExp(`\\b${name.replace('$', '\\$')}\\b`)).length < 3,
          )
          .map((name) => `${file.path}: ${name}`),
      );
    expect(unused).toEqual([]);
  });

  it('no package that nobody imports', async () => {
    const manifest = (await import('../../package.json', { with: { type: 'json' } })).default;
    const text = sources.map((file) => file.text).join('\n');
    // What fastify-type-provider-zod asks its user to install.
    const peers = ['openapi-types'];
    const unused = Object.keys(manifest.dependencies).filter(
      (name) => !peers.includes(name) && !text.includes(`'${name}`),
    );
    expect(unused).toEqual([]);
  });
});

describe('the unsafe thing is not written', () => {
  it.each([
    ['eval or code from strings', /\beval\(|new Function\(|node:vm\b/],
    ['processes started by product code', /node:child_process/],
    [
      'a query put together from strings',
      /\b(?:raw|query)\(\s*`[^`]*\$\{(?!table\b|role\b|column\b|grants\b|current\b|[A-Z_]+\})/,
    ],
  ])('%s', (_, pattern) => {
    const product = code.filter(
      (file) => !/^(tests|start|editor)\//.test(file.path) && !file.path.startsWith('db/migrations/'),
    );
    expect(product.filter((file) => pattern.test(file.text)).map((file) => file.path)).toEqual([]);
  });

  it('a connection to Redis that would stay with one that another has taken the place of', () => {
    const opened = code.filter((file) => !isTest(file.path) && file.text.includes('new Redis('));
    expect(opened.map((file) => file.path)).toEqual(['db/redis.ts']);
  });

  /** Whoever opens a connection, and to where: an address that operators set, a store, or what the egress has checked. */
  const connecting = [
    'engine/egress/', // every address that a tenant chose
    'engine/channels/whatsapp/client.ts', // META_GRAPH_URL
    'engine/models/openai.ts', // OPENAI_BASE_URL
    'engine/models/providerFetch.ts', // the same, for openai.ts alone: a tenant's address comes with the egress's own fetch
    'db/gatheringSocket.ts', // DATABASE_URL
    'server/mail/sendgrid.ts', // SENDGRID_BASE_URL
    'server/healthDoor.ts', // listens, and opens none
    'db/embedded/', // the embedded database listens and is called on this machine
    'start/', // looks for a free port
    'editor/', // runs in the browser
    'tests/',
  ];
  const opens =
    /from '(?:undici|node:(?:https?|http2|net|tls|dgram)|https?|net|tls|axios|got|node-fetch)'|\bimport\('(?:undici|node:(?:https?|net|tls))'\)|(?<![.\w])(?:globalThis\.)?fetch\(|new WebSocket\(/;
  /** Types, and a question about how an address is written. */
  const harmless = /^import (?:type [^;]*|\{ isIP \}) from 'node:(?:http|net)';$/gm;

  it('a connection outside the egress, except to what operators set', () => {
    const wrong = code
      .filter(({ path }) => !isTest(path) && !connecting.some((allowed) => path.startsWith(allowed)))
      .filter(({ text }) => opens.test(text.replace(harmless, '')));
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});
