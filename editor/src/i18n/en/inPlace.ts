import type { Dictionary } from '../dictionary.js';

export const inPlace: Dictionary['inPlace'] = {
  pinned: 'Pinned result: this step did not run, the test used what was kept.',
  traffic: {
    label: 'What is really happening',
    since: 'Since when',
    spans: { hour: 'Last hour', day: 'Last 24 h', week: 'Last 7 days' },
    total_zero: 'No customer runs yet',
    total_one: '{{shown}} customer run',
    total_other: '{{shown}} customer runs',
    hide: 'Take the figures off the drawing',
  },
  past: {
    title: 'A run as it was',
    list: "This team's runs",
    back: 'Back to the draft',
    none: 'Nothing has run yet. Make a test and it shows up here.',
    version: 'on version {{version}}',
    draft: 'on the draft of that moment',
    rehearsal: 'rehearsal',
  },
  chat: {
    who: 'Who answers',
    draft: 'Draft',
    draftText: 'The draft answers, as it stands now. Messages stay in here.',
    liveText: 'The version that is live answers.',
    broken_one: 'The draft has a problem. Fix it so that it can answer.',
    broken_other: 'The draft has {{count}} problems. Fix them so that it can answer.',
  },
  start: { label: 'Start from a ready-made team' },
  schedule: {
    next: 'The next times ({{zone}})',
    never: 'That schedule never comes: check the line and the time zone.',
  },
  phone: { chat: 'Chat', comments: 'Comments' },
};
