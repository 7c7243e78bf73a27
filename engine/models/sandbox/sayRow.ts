import { detectLanguage } from '../language/detectLanguage.js';
import { featuresOf } from '../language/features.js';

const isPrice = (cell: string): boolean => /(?:r\$|\$|€|£)\s*\d|\d\s*reais/i.test(cell);
const isEmpty = (cell: string): boolean => /^(?:[-–—]|n\/a)?$/i.test(cell);
const isYes = (cell: string): boolean => /^(?:sim|s|yes|y|x|✓|✔|✅|cont[eé]m|contains|tem)$/i.test(cell);
const isNo = (cell: string): boolean => /^(?:n[aã]o|n|no|[-–—]|❌|✗|✘|)$/i.test(cell);
const ingredients = ['gluten', 'lactose', 'egg', 'nuts', 'soy'] as const;
const isIngredient = (name: string): boolean => ingredients.some((one) => featuresOf(name).concepts.has(one));

const join = (list: readonly string[], last: string): string =>
  list.length < 2 ? list.join('') : `${list.slice(0, -1).join(', ')} ${last} ${list.at(-1)}`;

/**
 * A table row as a person would say it, given its header: `Bolo de rolo: R$ 9,00 (fatia)`; `Bolo de cenoura: tem glúten e ovos; não tem leite`.
 * Other columns are named: `Plano básico: prazo: 2 dias`.
 */
export function sayRow(row: readonly string[], header: readonly string[]): string {
  const [first = '', ...cells] = row;
  const columns = cells.map((cell, index) => ({ cell, name: (header[index + 1] ?? '').toLowerCase() }));
  const english = detectLanguage(header.join(' ') + columns.map(({ cell }) => ` ${cell}`).join(''), 'pt-BR') === 'en';
  const marks = columns.filter(({ cell, name }) => isIngredient(name) && (isYes(cell) || isNo(cell)));
  const has = marks.filter(({ cell }) => isYes(cell)).map(({ name }) => name);
  const hasNot = marks.filter(({ cell }) => isNo(cell)).map(({ name }) => name);
  const rest = columns.filter((column) => !marks.includes(column) && !isEmpty(column.cell));
  const price = rest.find(({ cell }) => isPrice(cell));
  const others = rest.filter((column) => column !== price);
  const alone = price && others.length === 1 && others[0] && others[0].cell.length <= 24 ? others[0].cell : null;
  const said = [
    ...(price ? [alone ? `${price.cell} (${alone})` : price.cell] : []),
    ...(alone ? [] : others.map(({ cell, name }) => (name && rest.length > 1 ? `${name}: ${cell}` : cell))),
    ...(has.length ? [`${english ? 'contains' : 'tem'} ${join(has, english ? 'and' : 'e')}`] : []),
    ...(hasNot.length ? [`${english ? 'no' : 'não tem'} ${join(hasNot, english ? 'or' : 'nem')}`] : []),
  ];
  return said.length ? `${first}: ${said.join('; ')}` : first;
}
