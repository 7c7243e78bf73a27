import type { Page } from 'playwright-core';
import { percentile } from './stats.js';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Milliseconds between frames, p95, while the mouse drags from a point to and fro for so many seconds. */
export async function framesOf(page: Page, from: { x: number; y: number }, seconds: number): Promise<number> {
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
  await page.mouse.up();
  return percentile(frames, 0.95);
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
