import type { Dictionary } from '../dictionary.js';

export const runs: Dictionary['runs'] = {
  title: 'Runs',
};
