import { Assistant } from '#engine/graph/assist.js';
import { explainExpressionError } from '#engine/graph/explainExpressionError.js';
import { ExpressionError } from '#engine/graph/expressions/expressionError.js';
import { resolve } from '#engine/graph/expressions/resolve.js';
import { validate } from '#engine/graph/validate.js';
import type { Problem } from '#engine/graph/definition.js';
import type { Definition } from '../api/types.js';
import type { CheckerStart, FromWorker, Preview, QuestionName, Questions, ToWorker } from './checking.js';

/** The checker beside the page: it has the expression language, which the page itself never loads. */
let against: CheckerStart = { nodeTypes: [], locale: 'pt-BR', known: {} };
let definition: Definition | null = null;
let assistant: Assistant | null = null;

const say = (message: FromWorker): void => postMessage(message);

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.kind) {
    case 'start':
      against = data.with;
      assistant = null;
      return;
    case 'load':
      ({ definition } = data);
      assistant = null;
      return;
    case 'check':
      if (definition) say({ kind: 'checked', revision: data.revision, problems: problemsOf(definition) });
      return;
    case 'ask':
      say({ kind: 'answer', id: data.id, answer: answer(data.name, data.with as never) });
  }
});

/** What a publish would say of it. */
const problemsOf = (of: Definition): readonly Problem[] => validate(of, against.nodeTypes, against).problems;

function answer<Name extends QuestionName>(name: Name, ask: Questions[Name]['ask']): unknown {
  if (name === 'judge') return problemsOf((ask as Questions['judge']['ask']).definition);
  if (name === 'preview') return preview(ask as Questions['preview']['ask']);
  if (!definition) return name === 'marks' ? [] : null;
  assistant ??= new Assistant(definition, against.nodeTypes, against.locale);
  const { place, text, position } = ask as { place: never; text: string; position: number };
  switch (name) {
    case 'marks':
      return assistant.marks(place, text);
    case 'complete':
      return assistant.complete(place, text, position);
    case 'hover':
      return assistant.hover(place, text, position);
    default:
      return assistant.takes(place);
  }
}

function preview({ value, sample }: Questions['preview']['ask']): Preview {
  try {
    return { ok: true, value: resolve(value, sample) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { ok: false, message: explainExpressionError(error, against.locale) };
  }
}
