import { useSyncExternalStore } from 'react';
import { create } from 'zustand';

export type ThemeChoice = 'light' | 'dark' | 'system';

const query = '(prefers-color-scheme: dark)';

function stored(): ThemeChoice {
  const value = localStorage.getItem('theme');
  return value === 'light' || value === 'dark' ? value : 'system';
}

function apply(choice: ThemeChoice): void {
  const dark = choice === 'system' ? matchMedia(query).matches : choice === 'dark';
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  document.querySelector('meta[name=theme-color]')?.setAttribute('content', dark ? '#0d1719' : '#f2f3ee');
}

export const useTheme = create<{ choice: ThemeChoice }>(() => ({ choice: stored() }));

/** Day, night, or as the device says; remembered for the next visits. */
export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem('theme');
  else localStorage.setItem('theme', choice);
  apply(choice);
  useTheme.setState({ choice });
}

const isDark = (): boolean => document.documentElement.dataset['theme'] === 'dark';

/** Whether it is night on the screen. A page that was painted at build is painted by day. */
export const useDark = (): boolean => useSyncExternalStore(useTheme.subscribe, isDark, () => false);

/** Follows the device while nothing else was chosen. */
export function followSystemTheme(): void {
  apply(stored());
  matchMedia(query).addEventListener('change', () => apply(stored()));
}
