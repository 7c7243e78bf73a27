import type { Goals, Line } from './row.js';
import { figure } from './stats.js';

/** The farthest goal that a line reaches. */
export function reached({ value, better, goals }: Line): 'stretch' | 'goal' | 'first' | 'no' | '–' {
  if (value === null || !Number.isFinite(value)) return '–';
  const meets = (wanted: number | null): boolean =>
    wanted !== null && (better === 'more' ? value >= wanted : value <= wanted);
  if (meets(goals.stretch)) return 'stretch';
  if (meets(goals.goal)) return 'goal';
  if (meets(goals.first)) return 'first';
  return goals.first === null && goals.goal === null && goals.stretch === null ? '–' : 'no';
}

const wanted = ({ first, goal, stretch }: Goals, unit: string): string =>
  [first, goal, stretch].every((value) => value === null)
    ? '–'
    : `${[first, goal, stretch].map((value) => (value === null ? '–' : figure(value))).join(' / ')} ${unit}`;

/** A Markdown table, so that it can be pasted as it is. */
export function tableOf(lines: readonly Line[]): string {
  const head = ['row', 'floor', 'ours', 'ratio', 'first / goal / stretch', 'reached'];
  const body = lines.map((line) => [
    line.measure,
    line.floor,
    line.ours,
    line.value === null ? 'not measured here' : figure(line.value, line.unit),
    wanted(line.goals, line.unit),
    reached(line),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
