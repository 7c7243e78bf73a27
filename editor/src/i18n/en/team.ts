import type { Dictionary } from '../dictionary.js';

export const team: Dictionary['team'] = {
  title: 'Your team',
  lead: 'Who works at {{organization}}.',
  hire: 'Hire',
  try: 'Try it',
  pause: 'Pause',
  resume: 'Back to work',
  version: 'Live, version {{version}}',
  notPublished: 'Has not started',
  pausedToast: '{{name}} is paused. The conversations stay; it does not answer.',
  resumedToast: '{{name}} is answering again.',
  empty: 'Nobody on the team yet.',
  emptyText: 'Choose who starts. You can try it before connecting WhatsApp.',
};
