import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BuilderDriver } from '#tests/support/builderDriver.js';
import { EditorDriver, launchBrowser, patient, whyNoBrowser } from '#tests/support/editorDriver.js';
import { openBakery, startTestPlatform, type TestPlatform } from '#tests/support/platform.js';

vi.setConfig({ testTimeout: 240_000, hookTimeout: 300_000 });

/** Phones to large screens, with each side of every width at which the bar changes. */
const widths = [
  ...[320, 344, 360, 375, 390, 414, 430, 480, 540, 600, 640, 700, 768, 820, 900, 959, 960, 961, 1000, 1024, 1080, 1120],
  ...[1160, 1199, 1200, 1201, 1240, 1280, 1320, 1343, 1344, 1345, 1366, 1400, 1439, 1440, 1441, 1536, 1680, 1800, 1920],
];

describe.skipIf(whyNoBrowser)(`the top bar of the editor${whyNoBrowser ? ` (${whyNoBrowser})` : ''}`, () => {
  let platform: TestPlatform;
  let browser: Browser;

  beforeAll(async () => {
    [platform, browser] = await Promise.all([startTestPlatform(), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  /** What is on the bar and overlaps, is cut off or lies outside of the page. */
  const faults = (builder: BuilderDriver) =>
    builder.page.evaluate(() => {
      const bar = document.querySelector('header');
      if (!bar) return ['no bar'];
      const seen = [...bar.querySelectorAll<HTMLElement>('a, button, h1, [role="status"]')].filter(
        (element) => element.checkVisibility() && element.getClientRects().length > 0,
      );
      const name = (element: Element) =>
        element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 30) ?? element.tagName;
      const found: string[] = [];
      const inBar = bar.getBoundingClientRect();
      for (const [index, one] of seen.entries()) {
        const a = one.getBoundingClientRect();
        if (a.width < 8 || a.height < 8) found.push(`${name(one)} is squeezed to ${a.width} × ${a.height}`);
        // A list of tabs may be longer than a phone is wide: it scrolls.
        const scrolls = one.closest('nav');
        if (!scrolls && (a.left < -0.5 || a.right > innerWidth + 0.5 || a.bottom > inBar.bottom + 0.5))
          found.push(`${name(one)} is cut off at ${Math.round(a.left)}–${Math.round(a.right)}`);
        if (one.matches('a, button') && !scrolls && one.scrollWidth > one.clientWidth + 1)
          found.push(`${name(one)} hides a part of its name`);
        for (const other of seen.slice(index + 1)) {
          if (one.contains(other) || other.contains(one)) continue;
          const b = other.getBoundingClientRect();
          const [wide, high] = [
            Math.min(a.right, b.right) - Math.max(a.left, b.left),
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
          ];
          if (wide > 0.5 && high > 0.5) found.push(`${name(one)} overlaps ${name(other)}`);
        }
      }
      // Icons and words are seen whole or not at all; only a name may end in dots, as long as something of it is left.
      for (const part of bar.querySelectorAll('svg, .truncate')) {
        if (!part.checkVisibility() || part.closest('nav, .sr-only, [class~="sr-only"]')) continue;
        const a = part.getBoundingClientRect();
        if (a.width < 2) continue;
        if (part.matches('.truncate') && part.scrollWidth > part.clientWidth + 1 && part.clientWidth < 60)
          found.push(`of "${part.textContent}" there is next to nothing left`);
        for (let box = part.parentElement; box && box !== bar; box = box.parentElement) {
          if (getComputedStyle(box).overflowX === 'visible') continue;
          const b = box.getBoundingClientRect();
          if (a.left < b.left - 1 || a.right > b.right + 1) found.push(`${name(part)} is cut in ${name(box)}`);
        }
      }
      if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
      return found;
    });

  it.each(['pt-BR', 'en'] as const)(
    'has room for everything on it at every width, with much to say, in %s',
    async (locale) => {
      const bakery = await openBakery(platform, locale);
      // A long name, a draft that is ahead and has a mistake, and company.
      const name = 'Atendimento e encomendas da padaria';
      await platform.call('PATCH', `/departments/${bakery.departmentId}`, { name }, bakery);
      const open = async () =>
        new BuilderDriver(
          await EditorDriver.open(browser, platform.url, { ...bakery, locale }),
          bakery.departmentId,
        ).open();
      const [ana, bia] = await Promise.all([open(), open()]);
      await bia.select('answer');
      await bia.write('message', '{{ steps.nobody.text }}');
      await expect.poll(() => ana.editor.button(/ v2$/).first().getAttribute('aria-disabled'), patient).toBe('true');
      await expect.poll(() => ana.page.locator('.person-face').count(), patient).toBe(1);
      const found: string[] = [];
      for (const width of widths) {
        await ana.page.setViewportSize({ width, height: 800 });
        await ana.page.evaluate(
          () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
        );
        for (const fault of await faults(ana)) found.push(`${width}: ${fault}`);
      }
      expect(found).toEqual([]);
      await ana.editor.close();
      await bia.editor.close();
    },
  );
});
