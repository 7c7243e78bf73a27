import type { Row } from './measure/row.js';
import { answer } from './rows/answer.js';
import { api } from './rows/api.js';
import { collaboration } from './rows/collaboration.js';
import { editor } from './rows/editor.js';
import { engineDurable } from './rows/engineDurable.js';
import { engineFused } from './rows/engineFused.js';
import { engineFlow, engineQueue } from './rows/engineRuns.js';
import { engineStep } from './rows/engineStep.js';
import { fairness } from './rows/fairness.js';
import { fairnessMessages } from './rows/fairnessMessages.js';
import { intake } from './rows/intake.js';
import { login } from './rows/login.js';
import { memory } from './rows/memory.js';
import { start } from './rows/start.js';
import { tenants } from './rows/tenants.js';
import { waiting } from './rows/waiting.js';

/** Every row, in the order of the design's table of goals. */
export const rows: readonly Row[] = [
  intake,
  engineFlow,
  engineQueue,
  engineStep,
  engineDurable,
  engineFused,
  answer,
  api,
  login,
  start,
  memory,
  tenants,
  waiting,
  fairness,
  fairnessMessages,
  collaboration,
  editor,
];
