import type { Dictionary } from '../dictionary.js';

export const describe: Dictionary['describe'] = {
  title: 'Describe it in words',
  lead: 'Say what changes. You see the proposal on the canvas before you accept it.',
  placeholder: 'E.g.: add "Delay" after "Sense the mood"',
  ask: 'Propose',
  sandbox:
    'Without an AI model connected you can ask to add, move, swap, copy, remove, connect or rename a step, or to change a setting. For more than that, connect a model.',
  accept: 'Accept',
  refuse: 'Refuse',
  again: 'Ask again',
  toFill: 'Left for you to fill in',
  taken: 'It is in the draft.',
  onCanvas: 'Proposal: nothing has changed yet',
  stale: 'The draft has changed, and the proposal does not fit it any more.',
  conflict: {
    stepGone: '"{{step}}" is gone from the canvas.',
    stepChanged: 'Somebody changed "{{step}}".',
    edgeChanged: 'Somebody changed what comes after "{{step}}".',
  },
};
