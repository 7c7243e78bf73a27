import type { DefinitionDiff, FieldChange } from '#engine/graph/diff.js';
import { schemaAt } from '#engine/graph/schemaAt.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Text } from '#nodes/sdk/text.js';
import type { Definition, PublicNode } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { NodeIcon } from '../canvas/NodeIcon.js';
import { classes } from '../ui/classes.js';

interface DiffListProps {
  readonly diff: DefinitionDiff;
  readonly before: Definition;
  readonly after: Definition;
  readonly types: ReadonlyMap<string, PublicNode>;
  readonly onShow?: (nodeId: string) => void;
}

/** What was added, what was taken away, what changed field by field: old line, new line, a sign in the gutter. */
export function DiffList({ diff, before, after, types, onShow }: DiffListProps) {
  const { t, of } = useTexts();
  const all = new Map([...before.nodes, ...after.nodes].map((node) => [node.id, node]));
  const titleOf = (id: string): string => {
    const node = all.get(id);
    const type = node && types.get(node.type);
    return node?.title ?? (type ? of(type.title) : id);
  };
  const changed = diff.nodes.changed.filter(({ onlyMoved }) => !onlyMoved);
  const moved = diff.nodes.changed.length - changed.length;
  const settings = diff.settings.filter(({ path }) => !/^notes(?:\.|$)/.test(path));
  const notes = diff.settings.filter(({ path }) => /^notes\.[^.]+(?:\.text)?$/.test(path));
  const row = (id: string, sign: '+' | '−' | '~', fields: readonly FieldChange[] = []) => {
    const type = types.get(all.get(id)?.type ?? '');
    return (
      <li
        key={`${sign} ${id}`}
        className={classes('diff-node', sign === '+' ? 'added' : sign === '−' ? 'removed' : 'changed')}
      >
        <button type="button" disabled={!onShow} className="diff-title" onClick={() => onShow?.(id)}>
          <span
            className="diff-sign"
            aria-label={t(`editor.diff.${sign === '+' ? 'added' : sign === '−' ? 'removed' : 'changed'}`)}
          >
            {sign}
          </span>
          <NodeIcon name={type?.icon} size={15} />
          <span className="min-w-0 flex-1 text-left break-words">{titleOf(id)}</span>
          {fields.length > 0 && (
            <span className="num text-xs text-ink-2">{t('editor.diff.fields', { count: fields.length })}</span>
          )}
        </button>
        {fields.map((field) => (
          <FieldDiff key={field.path} change={field} label={labelOf(field.path, type, of, t)} />
        ))}
      </li>
    );
  };
  const edge = ({ from, to }: Definition['edges'][number], sign: '+' | '−') => (
    <li
      key={`${sign} ${from.node}.${from.port} ${to.node}`}
      className={classes('diff-edge', sign === '+' ? 'added' : 'removed')}
    >
      <span className="diff-sign" aria-label={t(sign === '+' ? 'editor.diff.added' : 'editor.diff.removed')}>
        {sign}
      </span>
      <span className="min-w-0 break-words">
        {titleOf(from.node)} → {titleOf(to.node)}
      </span>
    </li>
  );
  const nothing =
    diff.nodes.added.length +
      diff.nodes.removed.length +
      changed.length +
      diff.edges.added.length +
      diff.edges.removed.length +
      settings.length +
      notes.length ===
    0;
  if (nothing)
    return (
      <p className="py-2 text-ink-2">
        {moved > 0 ? t('editor.diff.onlyMoved', { count: moved }) : t('editor.diff.same')}
      </p>
    );
  return (
    <ul className="space-y-1.5">
      {diff.nodes.added.map(({ id }) => row(id, '+'))}
      {changed.map(({ nodeId, fields }) =>
        row(
          nodeId,
          '~',
          fields.filter(({ path }) => !path.startsWith('position.')),
        ),
      )}
      {diff.nodes.removed.map(({ id }) => row(id, '−'))}
      {diff.edges.added.map((each) => edge(each, '+'))}
      {diff.edges.removed.map((each) => edge(each, '−'))}
      {settings.length > 0 && (
        <li className="diff-node changed">
          <p className="diff-title font-semibold">{t('editor.diff.settings')}</p>
          {settings.map((field) => (
            <FieldDiff key={field.path} change={field} label={field.path} />
          ))}
        </li>
      )}
      {notes.length > 0 && (
        <li className="diff-node changed">
          <p className="diff-title font-semibold">{t('editor.diff.notes')}</p>
          {notes.map(({ path, before: was, after: is }) => (
            <FieldDiff key={path} change={{ path, before: noteText(was), after: noteText(is) }} label="" />
          ))}
        </li>
      )}
      {moved > 0 && <li className="text-xs text-ink-3">{t('editor.diff.onlyMoved', { count: moved })}</li>}
    </ul>
  );
}

/** The words of a note that came or went whole, or of one that was written anew. */
const noteText = (note: Json | undefined): Json | undefined =>
  typeof note === 'object' && note !== null && 'text' in note ? note['text'] : note;

function FieldDiff({ change, label }: { change: FieldChange; label: string }) {
  return (
    <div className="diff-field">
      {label && <p className="text-xs text-ink-2">{label}</p>}
      {change.before !== undefined && (
        <p className="del">
          <span aria-hidden="true">− </span>
          {shown(change.before)}
        </p>
      )}
      {change.after !== undefined && (
        <p className="add">
          <span aria-hidden="true">+ </span>
          {shown(change.after)}
        </p>
      )}
    </div>
  );
}

const shown = (value: FieldChange['before']): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
};

const options = [
  'title',
  'retry',
  'timeoutSeconds',
  'onError',
  'compensateWith',
  'note',
  'locked',
  'type',
  'version',
  'parentId',
] as const;

/** What a person calls a field, by its path: as its form does. */
function labelOf(
  path: string,
  type: PublicNode | undefined,
  of: (text: Text) => string,
  t: ReturnType<typeof useTexts>['t'],
): string {
  const [first, ...rest] = path.split('.');
  const option = options.find((each) => each === first);
  if (option) return t(`editor.diff.option.${option}`);
  if (first !== 'config' || !type) return path;
  const names: string[] = [];
  rest.forEach((part, index) => {
    if (/^\d+$/.test(part)) return void names.push(String(Number(part) + 1));
    const title = schemaAt(type.config, rest.slice(0, index + 1))?.['title'];
    names.push(typeof title === 'object' && title !== null && 'en' in title ? of(title as Text) : part);
  });
  return names.join(' › ');
}
