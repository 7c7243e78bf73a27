import type { Dictionary } from '../dictionary.js';

export const simulator: Dictionary['simulator'] = {
  title: 'Rehearsal',
};
