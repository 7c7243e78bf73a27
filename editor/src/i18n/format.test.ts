import { describe, expect, it } from 'vitest';
import { formatAgo, formatDuration, formatMicros, formatNumber, formatTime } from './format.js';

/** Intl puts no-break spaces where a line must not end. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('formats', () => {
  it('writes numbers as each language does', () => {
    expect(formatNumber('pt-BR', 12_345.6)).toBe('12.345,6');
    expect(formatNumber('en', 12_345.6)).toBe('12,345.6');
  });

  it('keeps what a step costs legible below a cent', () => {
    expect(plain(formatMicros('pt-BR', 1_234))).toBe('US$ 0,0012');
    expect(formatMicros('en', 1_234)).toBe('$0.0012');
    expect(formatMicros('en', 41_300)).toBe('$0.04');
    expect(formatMicros('en', 0)).toBe('$0.00');
    expect(plain(formatMicros('pt-BR', 4_370_000))).toBe('US$ 4,37');
  });

  it('chooses the unit of a duration by its length', () => {
    expect(plain(formatDuration('pt-BR', 0.2))).toBe('< 1 ms');
    expect(plain(formatDuration('pt-BR', 0))).toBe('0 ms');
    expect(plain(formatDuration('pt-BR', 41))).toBe('41 ms');
    expect(plain(formatDuration('pt-BR', 2_100))).toBe('2,1 s');
    expect(plain(formatDuration('pt-BR', 1_052_000))).toBe('17 min 32 s');
    expect(plain(formatDuration('pt-BR', 85_440_000))).toBe('23 h 44 min');
    expect(plain(formatDuration('pt-BR', 60_000))).toBe('1 min');
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(plain(formatAgo('pt-BR', '2026-11-22T11:46:00Z', now))).toBe('há 14 min');
    expect(formatAgo('en', '2026-11-22T11:46:00Z', now)).toBe('14 min. ago');
    expect(formatAgo('pt-BR', '2026-11-22T11:59:50Z', now)).toBe('agora');
    expect(formatAgo('pt-BR', '2026-11-21T11:00:00Z', now)).toBe('ontem');
  });

  it('tells the hour with 24 of them', () => {
    const at = new Date(2026, 10, 22, 21, 52).toISOString();
    expect(formatTime('pt-BR', at)).toBe('21:52');
    expect(formatTime('en', at)).toBe('21:52');
  });
});
