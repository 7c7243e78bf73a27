import { isMediaLink, messageLimits } from '#nodes/sdk/message.js';
import type { NodeDefinition } from '../definition.js';
import type { Place, Report } from '../report.js';
import type { Rule } from './rule.js';

/** What a message node says, in the shape of `OutgoingMessage`: texts with expressions are of unknown length and are left alone. */
export const channelMessages: Rule = ({ definition, typeOf, report }) => {
  for (const node of definition.nodes) if (typeOf(node)?.group === 'channel') checkMessage(node, report);
};

function checkMessage(node: NodeDefinition, report: Report): void {
  const buttons = objects(node.config['buttons']);
  const hasList = isObject(node.config['list']);
  const at = (path: string): Place => ({ nodeId: node.id, path: `config.${path}` });
  checkText(node.config['text'], buttons.length > 0 || hasList, at('text'), report);
  if (buttons.length > 0 && hasList) report.add('channel.buttons_and_list', at('list'));
  checkButtons(node, buttons, at, report);
  if (isObject(node.config['list'])) checkList(node.config['list'], at, report);
  const media = node.config['media'];
  const link = isObject(media) ? media['link'] : undefined;
  if (typeof link === 'string' && link !== '' && !mayBeMediaLink(link))
    report.add('channel.media_link', at('media.link'));
}

function checkText(text: unknown, interactive: boolean, place: Place, report: Report): void {
  const limit = interactive ? messageLimits.interactiveText : messageLimits.text;
  const length = plainLength(text);
  if (length > limit) report.add('channel.text_long', place, { length, limit });
}

/** An expression may give any address; what is written before it must be the beginning of one that will do. */
function mayBeMediaLink(link: string): boolean {
  const at = link.indexOf('{{');
  if (at < 0) return isMediaLink(link);
  const before = link.slice(0, at);
  if (before === '') return true;
  return /^https:\/\/[^/?#]+[/?#]/i.test(before) ? isMediaLink(before) : /^https:\/\//i.test(before);
}

type At = (path: string) => Place;

function checkButtons(node: NodeDefinition, buttons: readonly Fields[], at: At, report: Report): void {
  const limit = messageLimits.buttons;
  if (buttons.length > limit) {
    const fix = { kind: 'setConfig', nodeId: node.id, path: 'config.buttons', value: node.config['buttons'] } as const;
    const kept = Array.isArray(fix.value) ? fix.value.slice(0, limit) : [];
    const place = { ...at('buttons'), fix: { ...fix, value: kept } };
    report.add('channel.too_many_buttons', place, { count: buttons.length, limit, over: buttons.length - limit });
  }
  for (const [index, button] of buttons.entries()) {
    tooLong(
      'channel.button_title_long',
      button['title'],
      messageLimits.buttonTitle,
      at(`buttons.${index}.title`),
      report,
    );
    tooLong('channel.button_id_long', button['id'], messageLimits.buttonId, at(`buttons.${index}.id`), report);
  }
  for (const { index, value } of repeats(buttons, 'id')) {
    report.add('channel.button_duplicate', at(`buttons.${index}.id`), { id: value });
  }
  for (const { index, value } of repeats(buttons, 'title')) {
    report.add('channel.button_same_title', at(`buttons.${index}.title`), { title: value });
  }
}

function checkList(list: Fields, at: At, report: Report): void {
  tooLong('channel.button_title_long', list['button'], messageLimits.buttonTitle, at('list.button'), report);
  const sections = objects(list['sections']);
  const rows = sections.flatMap((section, index) => {
    tooLong(
      'channel.list_title_long',
      section['title'],
      messageLimits.rowTitle,
      at(`list.sections.${index}.title`),
      report,
    );
    return objects(section['rows']).map((row, position) => ({
      ...row,
      place: `list.sections.${index}.rows.${position}`,
    }));
  });
  const limit = messageLimits.rows;
  if (rows.length > limit) {
    report.add('channel.list_rows', at('list.sections'), { count: rows.length, limit, over: rows.length - limit });
  }
  for (const { place, title, description } of rows as (Fields & { place: string })[]) {
    tooLong('channel.list_title_long', title, messageLimits.rowTitle, at(`${place}.title`), report);
    tooLong(
      'channel.list_description_long',
      description,
      messageLimits.rowDescription,
      at(`${place}.description`),
      report,
    );
  }
  for (const { index, value } of repeats(rows, 'id')) {
    report.add('channel.list_duplicate', at(`${rows[index]?.place}.id`), { id: value });
  }
}

type LengthCode =
  'channel.button_title_long' | 'channel.button_id_long' | 'channel.list_title_long' | 'channel.list_description_long';

function tooLong(code: LengthCode, text: unknown, limit: number, place: Place, report: Report): void {
  const length = plainLength(text);
  if (length > limit && typeof text === 'string') report.add(code, place, { title: text, length, limit });
}

/** Characters as a person counts them, of a text without expressions; 0 for anything else. */
const plainLength = (text: unknown): number => {
  if (typeof text !== 'string' || text.includes('{{')) return 0;
  return text.length <= 20 ? text.length : [...text].length;
};

type Fields = Readonly<Record<string, unknown>>;

function repeats(items: readonly Fields[], key: string): { index: number; value: string }[] {
  const seen = new Set<string>();
  return items.flatMap((item, index) => {
    const value = item[key];
    if (typeof value !== 'string' || value.includes('{{')) return [];
    const again = seen.has(value);
    seen.add(value);
    return again ? [{ index, value }] : [];
  });
}

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const objects = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isObject) : []);
