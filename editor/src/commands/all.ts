import { alongEdges } from './alongEdges.js';
import { arranging } from './arranging.js';
import type { Command } from './command.js';
import { editing } from './editing.js';
import { viewing } from './viewing.js';
import { working } from './working.js';

/** Everything that can be done, in the order it is listed. */
export const commands: readonly Command[] = [...editing, ...arranging, ...viewing, ...alongEdges, ...working];
