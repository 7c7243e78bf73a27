import type { LiveEvent } from '#engine/graph/events.js';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContext, type Locator, type Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Session } from '#server/api/auth/schemas.js';
import { en } from '../../editor/src/i18n/en/index.js';
import { ptBR } from '../../editor/src/i18n/pt-BR/index.js';

const builtApp = fileURLToPath(new URL('../../dist/editor/index.html', import.meta.url));
const browserPath = process.env['CHROMIUM_PATH'];

/** Why no browser journey can be made here; `null` when they can. `tests/run.mjs` finds the browser and builds the web app. */
export const whyNoBrowser: string | null = !browserPath
  ? 'no Chromium: install one or set CHROMIUM_PATH'
  : !existsSync(builtApp)
    ? 'the web app is not built: npm run build'
    : null;

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    ...(browserPath && { executablePath: browserPath }),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

export const sizes = { phone: { width: 360, height: 780 }, desktop: { width: 1280, height: 800 } } as const;
export type Size = keyof typeof sizes;
export type Theme = 'light' | 'dark';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const patience = 60_000;
/** For `expect.poll`, which by itself gives up after a second. */
export const patient = { timeout: 60_000, interval: 20 } as const;

/** A person at the web app: what she does, and what she sees. Every step waits for its condition, never for time to pass. */
export class EditorDriver {
  readonly words: typeof ptBR;
  /** What the browser complained about: errors in the console, refused by the content policy, failed requests. */
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly url: string,
    locale: 'pt-BR' | 'en',
  ) {
    this.words = locale === 'en' ? en : ptBR;
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.message}`));
  }

  static async open(
    browser: Browser,
    url: string,
    settings: { locale?: 'pt-BR' | 'en'; size?: Size; theme?: Theme; session?: Session } = {},
  ): Promise<EditorDriver> {
    const { locale = 'pt-BR', size = 'desktop', theme = 'light', session } = settings;
    const context = await browser.newContext({
      viewport: sizes[size],
      locale,
      colorScheme: theme,
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      timezoneId: 'America/Recife',
      ...(size === 'phone' && { hasTouch: true, isMobile: true }),
    });
    context.setDefaultTimeout(patience);
    if (session)
      await context.addInitScript((kept) => {
        if (!sessionStorage.getItem('seeded')) localStorage.setItem('session', kept);
        sessionStorage.setItem('seeded', '1');
      }, JSON.stringify(session));
    return new EditorDriver(await context.newPage(), context, url, locale);
  }

  close(): Promise<void> {
    return this.context.close();
  }

  async visit(path: string): Promise<this> {
    await this.page.goto(`${this.url}${path}`);
    return this;
  }

  button = (name: string | RegExp): Locator => this.page.getByRole('button', { name, exact: typeof name === 'string' });
  link = (name: string): Locator => this.page.getByRole('link', { name, exact: true });

  /** Moves the focus with Tab until it is on what has this name: the way of someone without a mouse. */
  async tabTo(name: string, presses = 40): Promise<this> {
    const wanted = this.page
      .getByRole('button', { name, exact: true })
      .or(this.page.getByRole('link', { name, exact: true }))
      .or(this.page.getByRole('textbox', { name, exact: true }))
      .or(this.page.getByRole('tab', { name, exact: true }))
      .first();
    await wanted.waitFor();
    for (let press = 0; press < presses; press++) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return this;
      await this.page.keyboard.press('Tab');
    }
    throw new Error(`Tab never reached "${name}"`);
  }

  async press(...keys: string[]): Promise<this> {
    for (const key of keys) await this.page.keyboard.press(key);
    return this;
  }

  // --- getting in

  async trySample(): Promise<this> {
    await this.visit('/');
    await this.button(this.words.auth.landing.sample).first().click();
    await this.button(this.words.hire.submit).waitFor();
    return this;
  }

  async hire(): Promise<this> {
    await this.button(this.words.hire.submit).click();
    await this.composer.waitFor();
    return this;
  }

  async register(person: { name: string; email: string; password: string; business: string }): Promise<this> {
    const { fields, register } = this.words.auth;
    await this.visit('/criar-conta');
    await this.page.getByLabel(fields.name).fill(person.name);
    await this.page.getByLabel(fields.organizationName).fill(person.business);
    await this.page.getByLabel(fields.email).fill(person.email);
    await this.page.getByLabel(fields.password, { exact: true }).fill(person.password);
    await this.button(register.submit).click();
    return this;
  }

  async signOut(): Promise<this> {
    await this.visit('/settings');
    await this.button(this.words.settings.signOut).click();
    await this.page.waitForURL((url) => ['/', '/entrar'].includes(url.pathname));
    return this;
  }

  /** `next`: where the address says that they were going. */
  async signIn(email: string, password: string, next?: string): Promise<this> {
    const { fields, signIn } = this.words.auth;
    await this.visit(next === undefined ? '/entrar' : `/entrar?next=${encodeURIComponent(next)}`);
    await this.page.getByLabel(fields.email).fill(email);
    await this.page.getByLabel(fields.password, { exact: true }).fill(password);
    await this.button(signIn.submit).click();
    return this;
  }

  // --- rehearsing as a customer

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: this.words.simulator.write });
  }
  /** The conversation on the customer's phone. */
  get thread(): Locator {
    return this.page.getByRole('log', { name: this.words.simulator.messages });
  }

  async ask(text: string): Promise<this> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect.poll(() => this.composer.inputValue(), patient).toBe('');
    await this.thread.getByText(text, { exact: true }).last().waitFor();
    return this;
  }

  async seesAnswer(text: RegExp): Promise<this> {
    await this.thread.getByText(text).last().waitFor();
    await expect.poll(() => this.thread.locator('.writing-caret').count(), patient).toBe(0);
    return this;
  }

  /** On a phone: the conversation, the steps or the drawing. */
  async look(part: 'chat' | 'steps' | 'graph'): Promise<this> {
    await this.page.getByRole('radio', { name: this.words.simulator.view[part], exact: true }).click();
    return this;
  }

  /** The steps listed: the name of each node and what its row says. */
  async steps(): Promise<{ node: string; text: string }[]> {
    return this.page
      .locator('li[data-node]')
      .evaluateAll((rows) =>
        rows.map((row) => ({ node: (row as HTMLElement).dataset['node'] ?? '', text: (row as HTMLElement).innerText })),
      );
  }

  /** What a node of the drawing shows: `done`, `now`, `skip`, `err`, `wait`, `idle`. */
  async nodeState(id: string): Promise<string> {
    const classes = await this.page.locator(`.react-flow__node[data-id="${id}"] .graph-node`).getAttribute('class');
    return classes?.split(' ').find((each) => ['done', 'now', 'skip', 'err', 'wait', 'idle'].includes(each)) ?? 'rest';
  }

  /**
   * From here on live events pass through our hands: `lose` breaks the connection and every attempt to open it again, `restore` lets the
   * next one through. `say` tells the page what the server has no occasion to; `heard` is what it was told. To be called before the page is opened.
   */
  async holdLiveEvents(): Promise<{
    lose(): void;
    restore(): void;
    say(event: LiveEvent): void;
    readonly heard: readonly string[];
  }> {
    let lost = false;
    const open = new Set<{ close(): Promise<void>; send(text: string): void }>();
    const heard: string[] = [];
    await this.page.routeWebSocket(/\/realtime/, (socket) => {
      if (lost) return void socket.close();
      socket.connectToServer().onMessage((message) => {
        heard.push(String(message));
        socket.send(message);
      });
      open.add(socket);
    });
    return {
      heard,
      lose() {
        lost = true;
        for (const socket of open) void socket.close();
        open.clear();
      },
      restore: () => void (lost = false),
      say: (event) => open.forEach((socket) => socket.send(JSON.stringify(event))),
    };
  }

  /**
   * The first answer to what is read at such an address is the server's of that moment, but stays on its way until it is let go. `read` resolves
   * once it has been given. To be called before the page is opened.
   */
  async holdReading(address: RegExp): Promise<{ readonly read: Promise<void>; letGo(): void }> {
    let given = (): void => {};
    let letGo = (): void => {};
    const read = new Promise<void>((done) => (given = done));
    const free = new Promise<void>((done) => (letGo = done));
    await this.page.route(
      address,
      async (route) => {
        const response = await route.fetch();
        given();
        await free;
        await route.fulfill({ response });
      },
      { times: 1 },
    );
    return { read, letGo: () => letGo() };
  }

  /** From now on, every state that a node of the drawing goes through. Returns how to read them: `answer now`, `answer done`… */
  async watchGraph(): Promise<() => Promise<string[]>> {
    await this.page.locator('.react-flow__node').first().waitFor();
    await this.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seenStates: seen });
      const states = ['done', 'now', 'skip', 'err', 'wait'];
      new MutationObserver((changes) => {
        for (const { target } of changes) {
          if (!(target instanceof HTMLElement) || !target.classList.contains('graph-node')) continue;
          const state = states.find((each) => target.classList.contains(each));
          const node = target.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
          if (state && seen.findLast((each) => each.startsWith(`${node} `)) !== `${node} ${state}`)
            seen.push(`${node} ${state}`);
        }
      }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['class'] });
    });
    return () => this.page.evaluate(() => (window as unknown as { seenStates: string[] }).seenStates);
  }

  // --- what must hold on every page

  /** Switches and waits until every colour has arrived. */
  setTheme(theme: Theme): Promise<void> {
    return this.page.evaluate(async (name) => {
      document.documentElement.dataset['theme'] = name;
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      await frame();
      const passing = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations === 1);
      await Promise.allSettled(passing.map(({ finished }) => finished));
      await frame();
    }, theme);
  }

  /** What axe finds wrong, one line each. */
  async accessFaults(rules?: readonly string[]): Promise<string[]> {
    await this.page.evaluate(axeSource);
    return this.page.evaluate(
      async (only) => {
        type Axe = {
          run(
            root: Document,
            options: object,
          ): Promise<{ violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[] }>;
        };
        const { axe } = window as unknown as { axe: Axe };
        const { violations } = await axe.run(document, {
          resultTypes: ['violations'],
          // Of WCAG 2.2, which axe leaves out unless it is asked: what is pressed is 24 px wide and high, or has as much room.
          ...(only ? { runOnly: { type: 'rule', values: only } } : { rules: { 'target-size': { enabled: true } } }),
        });
        return violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary.replace(/\s+/g, ' ')}`),
        );
      },
      rules as string[] | undefined,
    );
  }

  /** How far the page can be scrolled sideways, px. */
  overflow(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  }
}
