import type { Dictionary } from '../dictionary.js';

export const hire: Dictionary['hire'] = {
  title: 'Who starts at {{organization}}?',
  lead: 'You can let them go whenever you like. Nothing to sign.',
  choose: 'Choose a department',
  submit: 'Hire and watch it answer',
  chosen: 'Chosen: {{name}}',
  none: 'Choose who starts.',
  hired: 'Already on the team',
  empty: 'There is nobody to hire right now.',
  emptyText: 'Ready-made departments show up here.',
  problems: 'Hired, but it cannot start yet: {{problem}}',
  steps: { create: 'Hiring', publish: 'Going live', simulator: 'Opening the rehearsal' },
};
