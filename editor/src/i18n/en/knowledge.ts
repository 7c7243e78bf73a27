import type { Dictionary } from '../dictionary.js';

export const knowledge: Dictionary['knowledge'] = {
  title: 'What your team knows',
  lead: 'It answers only with what it has read here.',
  add: 'Teach something new',
  empty: 'Your team has not read anything yet.',
  emptyText: 'Paste the menu, the opening hours, the delivery area. It reads at once.',
  status: { reading: 'Reading', ready: 'Read', failed: 'Could not be read' },
  passages_one: '{{count}} passage',
  passages_other: '{{count}} passages',
  form: {
    title: 'Teach something new',
    name: 'What is it called?',
    nameExample: 'November menu',
    content: 'Paste the text here',
    contentHelp: 'Plain text. One subject at a time works best.',
    language: 'Which language is it in',
    submit: 'Have it read',
  },
  added: 'Reading “{{title}}”.',
  remove: 'Delete {{title}}',
  removeTitle: 'Delete “{{title}}”?',
  removeText: 'The team stops answering with it right away.',
  removeConfirm: 'Delete',
  removed: 'Deleted. The team has forgotten it.',
  failedWhy: 'Delete it and send it again.',
};
