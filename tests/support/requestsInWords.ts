import { readFileSync } from 'node:fs';
import type { Change, ProposedChanges } from '#engine/graph/changes/change.js';
import type { Definition } from '#engine/graph/definition.js';
import { editGraph } from '#engine/models/sandbox/editGraph.js';
import { publicNodes } from '#nodes/registry.js';
import type { Locale } from '#nodes/sdk/text.js';
import { graphOf } from '#server/api/proposals/ask.js';

export const { definition: customerService } = JSON.parse(
  readFileSync('templates/customer-service/template.json', 'utf8'),
) as { definition: Definition };

/** What a request asks for, as it is understood without a model. */
export const asker = (definition: Definition, locale: Locale): ((request: string) => ProposedChanges) => {
  const graph = graphOf(definition, publicNodes(), locale);
  return (request) =>
    editGraph({
      role: 'reason',
      task: 'edit',
      instructions: '',
      material: { graph },
      messages: [{ role: 'user', content: request }],
      locale,
    }) as unknown as ProposedChanges;
};

/** The changes in one line, `move remember before=send`; `null` of what was refused. */
export const changesOf = ({ cannot, changes }: ProposedChanges): string | null =>
  cannot === null ? changes.map(inShort).join(', ') : null;

function inShort(change: Change): string {
  const sets = 'settings' in change ? change.settings.map(({ field, value }) => ` ${field}=${value}`).join('') : '';
  const place =
    'after' in change
      ? Object.entries({ after: change.after, way: change.way, before: change.before })
          .map(([name, value]) => (value === null ? '' : ` ${name}=${value}`))
          .join('')
      : '';
  switch (change.do) {
    case 'add':
      return `add ${change.type}${sets}${place}`;
    case 'rename':
      return `rename ${change.step}=${change.title}`;
    case 'swap':
      return `swap ${change.step} ${change.with}`;
    case 'errors':
      return `errors ${change.step}=${change.how}`;
    case 'connect':
    case 'disconnect':
      return `${change.do} ${change.from}${change.way === null ? '' : `.${change.way}`}>${change.to}`;
    default:
      return `${change.do} ${change.step}${sets}${place}`;
  }
}
