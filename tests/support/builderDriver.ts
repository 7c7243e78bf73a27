import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import { patient, type EditorDriver } from './editorDriver.js';

/** A person who builds a department: what they do on the canvas and in the inspector. */
export class BuilderDriver {
  constructor(
    readonly editor: EditorDriver,
    readonly departmentId: string,
  ) {}

  get page() {
    return this.editor.page;
  }
  get words() {
    return this.editor.words.editor;
  }

  /** Opens the editor and waits until the draft is on the canvas. */
  async open(): Promise<this> {
    await this.page.addInitScript(() => localStorage.setItem('editor-tour', '1'));
    await this.editor.visit(`/departments/${this.departmentId}/edit`);
    await this.node('message').waitFor();
    return this;
  }

  node = (id: string): Locator => this.page.locator(`.react-flow__node[data-id="${id}"]`);
  nodeTitled = (title: string): Locator => this.page.locator('.react-flow__node').filter({ hasText: title });
  /** The way out of a step, by its place from the left. */
  port = (id: string, index = 0): Locator => this.node(id).locator('.react-flow__handle.source').nth(index);
  field = (path: string): Locator => this.page.locator(`[data-field="${path}"]`);

  async select(id: string): Promise<this> {
    // Where its middle is covered by what stands around the canvas, a click would scroll it there and back while it presses: by key then.
    const { x, y, width, height } = await boxOf(this.node(id));
    const canvas = await boxOf(this.page.locator('.react-flow'));
    const [middleX, middleY] = [x + width / 2, y + height / 2];
    const seen =
      middleX > canvas.x &&
      middleX < canvas.x + canvas.width &&
      middleY > canvas.y &&
      middleY < canvas.y + canvas.height;
    if (seen) await this.node(id).click();
    else await this.node(id).press('Enter');
    await this.page.locator(`[data-inspector="${id}"]`).waitFor();
    return this;
  }

  async drag(from: Locator, by: { x: number; y: number }): Promise<this> {
    const box = await boxOf(from);
    const start = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move(start.x + by.x, start.y + by.y, { steps: 6 });
    await this.page.mouse.up();
    return this;
  }

  /** Takes one thing by its middle and lets it go over the middle of another. */
  async dragTo(from: Locator, to: Locator): Promise<this> {
    const [start, end] = [await boxOf(from), await boxOf(to)];
    const middle = (box: typeof start): [number, number] => [box.x + box.width / 2, box.y + box.height / 2];
    await this.page.mouse.move(...middle(start));
    await this.page.mouse.down();
    await this.page.mouse.move(...middle(end), { steps: 8 });
    await this.page.mouse.up();
    return this;
  }

  /** Takes an edge by its middle. */
  async selectEdge(id: string): Promise<this> {
    const line = this.page.locator(`.react-flow__edge[data-id="${id}"] path`).last();
    await line.waitFor({ state: 'attached' });
    const { x, y } = await line.evaluate((path) => {
      const line = path as SVGPathElement;
      // A point of SVG has its places in its prototype, and comes across without them.
      const at = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM() ?? undefined);
      return { x: at.x, y: at.y };
    });
    await this.page.mouse.click(x, y);
    return this;
  }

  /** Draws an edge from a way out to a step. */
  async connect(from: Locator, to: Locator): Promise<this> {
    const [start, end] = [await boxOf(from), await boxOf(to)];
    await this.page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x + end.width / 2, end.y + 3, { steps: 8 });
    await this.page.mouse.up();
    return this;
  }

  /** Writes in a field with expressions, in the place of what is there. */
  async write(path: string, text: string): Promise<this> {
    await this.field(path).locator('.cm-content').click();
    await this.page.keyboard.press('ControlOrMeta+a');
    await this.page.keyboard.press('Delete');
    await this.page.keyboard.insertText(text);
    return this;
  }

  /** Everything is on the server's disk. */
  async saved(): Promise<this> {
    await expect
      .poll(() => this.page.locator('.version-badge').innerText(), patient)
      .not.toContain(this.words.bar.saving);
    return this;
  }

  edges = (): Promise<number> => this.page.locator('.react-flow__edge').count();
  nodes = (): Promise<string[]> =>
    this.page
      .locator('.react-flow__node')
      .evaluateAll((all) => all.map((node) => (node as HTMLElement).dataset['id'] ?? '').sort());
}

/** Where it is once it has come to rest: a canvas moves when what is beside it opens or closes. */
async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  await locator.waitFor();
  const page = locator.page();
  let before = '';
  for (let same = 0; same < 5;) {
    const now = JSON.stringify(await locator.boundingBox());
    same = now === before ? same + 1 : 0;
    before = now;
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not on the screen');
  return box;
}
