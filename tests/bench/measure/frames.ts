import type { Page } from 'playwright-core';
import { percentile } from './stats.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Frames {
  /** Milliseconds between one frame and the next, for 95 of 100. */
  readonly p95: number;
  readonly count: number;
}

/** An expression of the page that says where on the screen what is dragged stands: `{ x, y }`. */
type Whereabouts = string;

/**
 * Frames while the mouse drags from a point to and fro for so many seconds. What is dragged must have gone along, else the frames are of
 * nothing; it may stand up to `snap` pixels from where the mouse is.
 */
export async function framesOf(
  page: Page,
  from: { x: number; y: number },
  seconds: number,
  dragged: Whereabouts,
  snap: number,
): Promise<Frames> {
  const where = async () => (await page.evaluate(dragged)) as { x: number; y: number };
  const began = await where();
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.evaluate(`
    window.frames_ = [];
    window.last_ = performance.now();
    window.stop_ = false;
    const next = (now) => { window.frames_.push(now - window.last_); window.last_ = now; if (!window.stop_) requestAnimationFrame(next); };
    requestAnimationFrame((now) => { window.last_ = now; requestAnimationFrame(next); });
  `);
  const until = Date.now() + seconds * 1_000;
  for (let step = 0; Date.now() < until; step += 1) {
    const angle = (step / 30) * Math.PI;
    await page.mouse.move(from.x + 90 * Math.sin(angle), from.y + 60 * (1 - Math.cos(angle)));
  }
  const frames = (await page.evaluate('window.stop_ = true; window.frames_')) as number[];
  const end = { x: 64, y: 48 };
  await page.mouse.move(from.x + end.x, from.y + end.y);
  const off = async (): Promise<number> => {
    const now = await where();
    return Math.max(Math.abs(now.x - began.x - end.x), Math.abs(now.y - began.y - end.y));
  };
  // A slow canvas comes later.
  for (let tries = 0; tries < 50 && (await off()) > snap + 2; tries += 1) await page.waitForTimeout(100);
  const left = await off();
  await page.mouse.up();
  if (left > snap + 2) throw new Error(`What was dragged stands ${Math.round(left)} px away from the mouse`);
  return { p95: percentile(frames, 0.95), count: frames.length };
}

/** Largest paint in milliseconds and shift of the layout of a first visit, on a processor that is so many times slower. */
export async function vitalsOf(page: Page, url: string, slowdown: number): Promise<{ lcp: number; cls: number }> {
  await page.addInitScript(`
    window.vitals_ = { lcp: 0, cls: 0 };
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.vitals_.lcp = Math.max(entry.startTime, entry.renderTime || 0); })
      .observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.vitals_.cls += entry.value; })
      .observe({ type: 'layout-shift', buffered: true });
  `);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.locator('h1').first().waitFor();
  await page.waitForFunction('window.vitals_.lcp > 0');
  return (await page.evaluate('window.vitals_')) as { lcp: number; cls: number };
}
