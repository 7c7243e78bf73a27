import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { graph } from '#engine/graph/testing/graph.js';
import { framesOf, vitalsOf, type Frames } from '../measure/frames.js';
import { startProcess } from '../measure/platform.js';
import { root } from '../measure/processes.js';
import type { Bench, Line, Outcome, Row } from '../measure/row.js';
import { figure, median } from '../measure/stats.js';

const STEPS = 1_000;
const IN_A_ROW = 40;
const SLOWDOWN = 4;
const viewport = { width: 1_280, height: 800 };
/** Steps of the editor stand on a grid of 8 px. */
const snap = 8;
const size = { width: 196, height: 54 };

/** A start and the rest in rows, each joined to the next. */
function department() {
  const made = graph().node('s0', 'trigger.manual', {}, { position: { x: 0, y: 0 } });
  for (let index = 1; index < STEPS; index += 1) {
    const position = { x: (index % IN_A_ROW) * 220, y: Math.floor(index / IN_A_ROW) * 110 };
    made.node(`s${index}`, 'data.set', { values: [] }, { position });
    made.edges(`s${index - 1}>s${index}`);
  }
  return made.build();
}

const definition = department();

/** The page of bare React Flow, as one text. */
async function floorPage(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'silent',
    root,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      lib: { entry: join(root, 'tests/bench/floors/bareFlow.tsx'), formats: ['iife'], name: 'bare' },
    },
  });
  const files = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []));
  const script = files.map((file) => (file.type === 'chunk' ? file.code : '')).join('');
  const style = readFileSync(join(root, 'node_modules/@xyflow/react/dist/style.css'), 'utf8');
  return `<!doctype html><style>${style} html, body, #root { margin: 0; height: 100% }</style><div id="root"></div><script>globalThis.floor = FLOOR</script><script>${script.replaceAll('</script', '<\\/script')}</script>`;
}

/** The step nearest to the middle of the canvas. */
const inTheMiddle = (page: Page): Promise<string> =>
  page.evaluate(`(() => {
    const middle = (box) => [box.x + box.width / 2, box.y + box.height / 2];
    const [x, y] = middle(document.querySelector('.react-flow__pane').getBoundingClientRect());
    const far = (node) => { const [left, top] = middle(node.getBoundingClientRect()); return Math.hypot(left - x, top - y); };
    return [...document.querySelectorAll('.react-flow__node')].sort((a, b) => far(a) - far(b))[0].dataset.id;
  })()`);

/** Where a press begins to pan: what is nearest to the middle and is neither a step nor an edge. */
const freePlace = (page: Page): Promise<{ x: number; y: number }> =>
  page.evaluate(`(() => {
    const { x, y, width, height } = document.querySelector('.react-flow__pane').getBoundingClientRect();
    for (let far = 0; far < height / 3; far += 1)
      for (const [left, top] of [[far, 0], [0, far], [-far, 0], [0, -far], [far, far]]) {
        const place = { x: Math.round(x + width / 2 + left), y: Math.round(y + height / 2 + top) };
        if (document.elementFromPoint(place.x, place.y)?.classList.contains('react-flow__pane')) return place;
      }
    throw new Error('There is no free place on the canvas');
  })()`);

/** Frames while a step is dragged. */
async function dragOf(page: Page, id: string, seconds: number): Promise<Frames> {
  const node = page.locator(`.react-flow__node[data-id="${id}"]`);
  await node.waitFor();
  const box = await node.boundingBox();
  if (!box) throw new Error('The step is not on the screen');
  const step = `(() => { const { x, y } = document.querySelector('.react-flow__node[data-id="${id}"]').getBoundingClientRect(); return { x, y }; })()`;
  return await framesOf(page, { x: box.x + box.width / 2, y: box.y + box.height / 2 }, seconds, step, snap);
}

/** Frames while a step, then the canvas, is dragged. */
async function dragAndPan(page: Page, id: string, seconds: number): Promise<{ drag: Frames; pan: Frames }> {
  const drag = await dragOf(page, id, seconds);
  const canvas = `(() => { const { e, f } = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform); return { x: e, y: f }; })()`;
  return { drag, pan: await framesOf(page, await freePlace(page), seconds, canvas, 0) };
}

async function openEditor(browser: Browser, url: URL, session: object, id: string) {
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce', serviceWorkers: 'block' });
  await context.addInitScript((kept) => {
    localStorage.setItem('session', kept);
    localStorage.setItem('editor-tour', '1');
  }, JSON.stringify(session));
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(new URL(`/departments/${id}/edit`, url).href);
  await page.locator('.react-flow__node').first().waitFor();
  // It answers: what is typed opens the list.
  await page.keyboard.press('/');
  await page.locator('input:focus').waitFor();
  const interactive = performance.now() - began;
  await page.keyboard.press('Escape');
  return { page, context, interactive };
}

const said = ({ p95, count }: Frames): string => `${figure(p95, 'ms')} (${count} frames)`;

/** The canvas with a thousand steps, beside bare React Flow with the same; how soon it answers; how the first page paints on a slow processor. */
export const editor: Row = {
  name: 'editor',
  async measure(bench: Bench): Promise<Outcome> {
    const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const ours = await startProcess(bench.settings, {});
    const kinds = ['drag', 'dragAtOnce', 'dragBare', 'pan', 'panBare', 'interactive', 'lcp', 'cls'] as const;
    const samples = Object.fromEntries(kinds.map((kind) => [kind, [] as number[]])) as Record<
      (typeof kinds)[number],
      number[]
    >;
    try {
      const html = await floorPage();
      const post = async (path: string, body: object, token?: string) => {
        const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
        const init = { method: 'POST', headers, body: JSON.stringify(body) };
        const answer = await fetch(new URL(`/api/v1${path}`, ours.url), init);
        if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
        return (await answer.json()) as { id: string; accessToken: string };
      };
      const account = { name: 'Lúcia', organizationName: 'Pão da Lúcia', password: randomBytes(12).toString('hex') };
      const session = await post('/auth/register', {
        ...account,
        email: `${randomBytes(6).toString('hex')}@example.com`,
      });
      const { runs, seconds } = bench.settings;
      for (let run = 0; run < runs; run += 1) {
        // Dragging changes a draft: each run has its own.
        const { id } = await post('/departments', { name: 'Mil', definition }, session.accessToken);
        const { page, context, interactive } = await openEditor(browser, ours.url, session, id);
        samples.interactive.push(interactive);
        const view = (await page.evaluate(
          `(() => { const m = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')).transform); return { x: m.e, y: m.f, zoom: m.a }; })()`,
        )) as { x: number; y: number; zoom: number };
        const middle = await inTheMiddle(page);
        // While the other steps are still to come, and when all are there.
        const atOnce = await dragOf(page, middle, seconds);
        // Back to where nothing else stands.
        await page.keyboard.press('Control+z');
        await page.locator('.coming-step').first().waitFor({ state: 'detached' });
        const frames = await dragAndPan(page, middle, seconds);
        const room = await page.locator('.react-flow').boundingBox();
        await context.close();
        const bare = await browser.newPage({
          viewport: { width: Math.round(room?.width ?? 0), height: Math.round(room?.height ?? 0) },
        });
        const floor = {
          nodes: definition.nodes.map((node) => ({
            id: node.id,
            position: node.position,
            ...size,
            data: { label: node.id },
          })),
          edges: definition.edges.map((edge) => ({ id: edge.id, source: edge.from.node, target: edge.to.node })),
          viewport: view,
        };
        await bare.setContent(html.replace('FLOOR', () => JSON.stringify(floor)));
        const floors = await dragAndPan(bare, middle, seconds);
        await bare.close();
        samples.drag.push(frames.drag.p95);
        samples.dragAtOnce.push(atOnce.p95);
        samples.pan.push(frames.pan.p95);
        samples.dragBare.push(floors.drag.p95);
        samples.panBare.push(floors.pan.p95);
        const first = await browser.newPage({ viewport });
        const { lcp, cls } = await vitalsOf(first, ours.url.href, SLOWDOWN);
        await first.close();
        samples.lcp.push(lcp);
        samples.cls.push(cls);
        bench.say(
          `drag at once ${said(atOnce)}, drag ${said(frames.drag)} beside ${said(floors.drag)}, pan ${said(frames.pan)} beside ${said(floors.pan)}, open ${figure(interactive, 'ms')}`,
        );
      }
    } finally {
      await browser.close();
      await ours.stop();
    }
    const of = (kind: (typeof kinds)[number]): number => median(samples[kind]);
    const frame = (what: 'drag' | 'dragAtOnce' | 'pan', bare: 'dragBare' | 'panBare'): Line => ({
      measure: `editor: ${STEPS} steps, ${what === 'dragAtOnce' ? 'drag right after opening' : what}, p95 frame, against bare React Flow`,
      floor: figure(of(bare), 'ms'),
      ours: figure(of(what), 'ms'),
      // Sixty frames a second are enough, however fast the floor is.
      value: of(what) <= 16.8 ? 1 : of(what) / of(bare),
      unit: 'x',
      better: 'less',
      goals: { first: 1.2, goal: 1.2, stretch: null },
    });
    const line = (measure: string, kind: (typeof kinds)[number], unit: 'ms' | 'x', most: number): Line => ({
      measure,
      floor: '–',
      ours: kind === 'cls' ? of(kind).toFixed(3) : figure(of(kind), 'ms'),
      value: of(kind),
      unit,
      better: 'less',
      goals: { first: most, goal: most, stretch: null },
    });
    return {
      lines: [
        frame('drag', 'dragBare'),
        frame('dragAtOnce', 'dragBare'),
        frame('pan', 'panBare'),
        line(`editor: ${STEPS} steps, until it answers a key`, 'interactive', 'ms', 2_000),
        line(`first page: LCP, processor ${SLOWDOWN} times slower`, 'lcp', 'ms', 2_500),
        line(`first page: CLS, processor ${SLOWDOWN} times slower`, 'cls', 'x', 0.1),
      ],
      samples,
    };
  },
};
