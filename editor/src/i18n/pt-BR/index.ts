import { account } from './account.js';
import { auth } from './auth.js';
import { common } from './common.js';
import { editor } from './editor.js';
import { connections } from './connections.js';
import { describe } from './describe.js';
import { hire } from './hire.js';
import { home } from './home.js';
import { inbox } from './inbox.js';
import { inPlace } from './inPlace.js';
import { knowledge } from './knowledge.js';
import { pickers } from './pickers.js';
import { people } from './people.js';
import { runs } from './runs.js';
import { settings } from './settings.js';
import { simulator } from './simulator.js';
import { team } from './team.js';

/** Portuguese is written first: its shape is what every other language must have. */
export const ptBR = {
  common,
  account,
  people,
  pickers,
  connections,
  auth,
  editor,
  home,
  describe,
  hire,
  inbox,
  inPlace,
  knowledge,
  team,
  settings,
  simulator,
  runs,
};
