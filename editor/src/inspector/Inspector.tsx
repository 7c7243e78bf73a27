import { Lock, LockOpen, MoreHorizontal, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Problem } from '#engine/graph/definition.js';
import { NodeIcon } from '../canvas/NodeIcon.js';
import { commands } from '../commands/all.js';
import type { CommandContext } from '../commands/command.js';
import { Keys } from '../commands/Keys.js';
import { canRun } from '../commands/useCommands.js';
import { setConfig, setNodeOption } from '../document/operations/options.js';
import { titleOf, useNode, usePeers, useSessionOf, useUi } from '../editor/session.js';
import { nothingSelected } from '../editor/uiState.js';
import { useTexts } from '../i18n/useTexts.js';
import { applyFix } from '../problems/applyFix.js';
import type { SampleValues } from '../problems/checking.js';
import type { PublicNode } from '../api/types.js';
import { progressOf, type LiveRun } from '../canvas/liveRun.js';
import { faceColor } from '../ui/cobogo.js';
import { Piece } from '../ui/Piece.js';
import { Tabs } from '../ui/Tabs.js';
import { Field } from './Field.js';
import { FieldSurroundingsProvider, type FieldSurroundings, type Path } from './fieldContext.js';
import { formOf } from './formOf.js';
import { IfItFails } from './IfItFails.js';
import { NodeValues } from './NodeValues.js';
import { TitleAndNote } from './TitleAndNote.js';

interface InspectorProps {
  readonly nodeId: string;
  readonly context: CommandContext;
  readonly run: LiveRun | null;
  readonly sample: SampleValues | null;
  /** In a sheet, which closes by itself. */
  readonly bare?: boolean;
}

/** One step from the inside: its settings by its schema, what it received and gave, what happens when it fails. */
export function Inspector({ nodeId, context, run, sample, bare = false }: InspectorProps) {
  const session = useSessionOf();
  const { doc, types, locale, ui, readOnly, presence, checker, department } = session;
  const { t, of } = useTexts();
  const node = useNode(nodeId);
  const [tab, setTab] = useState('setup');
  const problems = useUi((state) => state.problems);
  const peers = usePeers();
  const type = node && types.get(node.type);
  const fields = useMemo(() => (type ? formOf(type.config, locale) : []), [type, locale]);
  const locked = node?.locked === true;
  const mine = useMemo(() => problems.filter((problem) => problem.nodeId === nodeId), [problems, nodeId]);
  const body = useFieldFocus(nodeId, () => setTab('setup'));

  const surroundings = useMemo(
    (): FieldSurroundings => ({
      nodeId,
      readOnly: readOnly || locked,
      checker,
      sample,
      problemsAt: (path: Path) => mine.filter(({ path: at }) => at === ['config', ...path].join('.')),
      guestsAt: (path: Path) =>
        peers.flatMap(({ user, field }) =>
          field?.nodeId === nodeId && field.path === path.join('.')
            ? [{ name: user.name.split(' ')[0] ?? '', color: faceColor(user.id) }]
            : [],
        ),
      set: (path, value) => void setConfig(doc, nodeId, path, value, { whole: true }),
      write: (path, text, seen) => void setConfig(doc, nodeId, path, text, { seen }),
      onFocus: (path) => presence.show({ field: path && { nodeId, path: path.join('.') } }),
      fix: (problem: Problem) => problem.fix && applyFix({ doc }, problem.fix),
    }),
    [nodeId, readOnly, locked, checker, sample, mine, peers, doc, presence],
  );
  if (!node) return null;
  const step = progressOf(run).get(nodeId)?.step ?? null;
  const group = type?.group ?? 'logic';
  const actions = [
    'runFromHere',
    'runUntilHere',
    'addAfter',
    'moveUp',
    'moveDown',
    'rename',
    'duplicate',
    'copy',
    'group',
    'ungroup',
    'remove',
    'removeAlone',
  ];
  return (
    <section
      ref={body}
      aria-label={t('editor.inspector.label', { title: titleOf(session, node) })}
      className="inspector"
      data-inspector={nodeId}
    >
      <header className="flex items-center gap-2.5 px-3.5 pt-3.5 pb-2">
        {group === 'agent' ? (
          <Piece team={department.type} size={34} />
        ) : (
          <span className={`kind-tile kind-${group} !size-[34px]`}>
            <NodeIcon name={type?.icon} size={18} />
          </span>
        )}
        <div className="min-w-0 flex-1">
          {!bare && (
            <h2 className="line-clamp-2 text-lg leading-[1.3rem] tracking-[-0.01em] break-words">
              {titleOf(session, node)}
            </h2>
          )}
          <p className="text-xs text-ink-2">
            {!type
              ? node.type
              : of(type.title) === titleOf(session, node)
                ? t(`simulator.graph.group.${group}`)
                : `${t(`simulator.graph.group.${group}`)}, ${of(type.title)}`}
          </p>
        </div>
        {!readOnly && (
          <button
            type="button"
            aria-pressed={locked}
            aria-label={t(locked ? 'editor.inspector.unlock' : 'editor.inspector.lock')}
            title={t(locked ? 'editor.inspector.unlock' : 'editor.inspector.lock')}
            className="inspector-action press"
            onClick={() => setNodeOption(doc, nodeId, 'locked', !locked)}
          >
            {locked ? <Lock size={16} aria-hidden="true" /> : <LockOpen size={16} aria-hidden="true" />}
          </button>
        )}
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger aria-label={t('editor.inspector.more')} className="inspector-action press">
            <MoreHorizontal size={17} aria-hidden="true" />
          </DropdownMenu.Trigger>
          <DropdownMenu.Portal container={bare ? null : document.getElementById('content')}>
            <DropdownMenu.Content align="end" sideOffset={4} className="menu w-60">
              {commands
                .filter((command) => actions.includes(command.id) && canRun(command, context))
                .map((command) => (
                  <DropdownMenu.Item key={command.id} className="menu-item" onSelect={() => command.run(context)}>
                    <span className="flex-1">{t(`editor.command.${command.id}` as 'editor.command.undo')}</span>
                    {command.keys?.[0] && <Keys of={command.keys[0]} />}
                  </DropdownMenu.Item>
                ))}
            </DropdownMenu.Content>
          </DropdownMenu.Portal>
        </DropdownMenu.Root>
        {!bare && (
          <button
            type="button"
            aria-label={t('common.close')}
            className="inspector-action press"
            onClick={() => ui.setState(nothingSelected)}
          >
            <X size={17} aria-hidden="true" />
          </button>
        )}
      </header>
      <Tabs
        label={t('editor.inspector.tabs')}
        value={tab}
        onChange={setTab}
        items={[
          {
            value: 'setup',
            label: t('editor.inspector.setup'),
            content: (
              <div className="space-y-4 px-3.5 pt-3 pb-6">
                {locked && (
                  <p className="rounded-md bg-sunken px-3 py-2 text-xs text-ink-2">
                    {t('editor.inspector.lockedText')}
                  </p>
                )}
                {!type && <p className="field-problem">{t('editor.inspector.unknownType', { type: node.type })}</p>}
                {mine
                  .filter(({ path }) => !path?.startsWith('config.'))
                  .map((problem) => (
                    <div
                      key={`${problem.code} ${problem.message}`}
                      className={problem.severity === 'error' ? 'field-problem' : 'field-warning'}
                    >
                      <p className="font-semibold">{problem.message}</p>
                      {problem.fix && !readOnly && (
                        <button
                          type="button"
                          className="field-fix press"
                          onClick={() => problem.fix && applyFix(session, problem.fix)}
                        >
                          {t('editor.field.fix')}
                        </button>
                      )}
                    </div>
                  ))}
                <FieldSurroundingsProvider value={surroundings}>
                  {fields.map((spec) => (
                    <Field
                      key={`${nodeId} ${spec.name}`}
                      spec={spec}
                      siblings={fields}
                      path={[spec.name]}
                      values={node.config}
                    />
                  ))}
                </FieldSurroundingsProvider>
                {type && fields.length === 0 && <p className="text-ink-2">{t('editor.inspector.nothingToSet')}</p>}
                {type && type.kind !== 'trigger' && <IfItFails node={node} readOnly={readOnly || locked} />}
                <TitleAndNote node={node} readOnly={readOnly || locked} guestsAt={surroundings.guestsAt} />
                {type && <About type={type} />}
              </div>
            ),
          },
          {
            value: 'input',
            label: t('editor.inspector.receives'),
            content: (
              // What is taken from here goes into a field: they come into view as soon as it is on its way.
              <div onDragStartCapture={() => setTimeout(() => setTab('setup'))}>
                <NodeValues node={node} step={step} side="input" sample={sample} />
              </div>
            ),
          },
          {
            value: 'output',
            label: t('editor.inspector.gives'),
            content: <NodeValues node={node} step={step} side="output" sample={sample} />,
          },
        ]}
      />
    </section>
  );
}

/** What a kind of step is for, in place. */
function About({ type }: { type: PublicNode }) {
  const { t, of } = useTexts();
  return (
    <details className="rounded-md bg-sunken px-3 py-2 text-xs text-ink-2">
      <summary className="min-h-6 cursor-pointer font-semibold text-ink">{t('editor.inspector.about')}</summary>
      <p className="mt-1">{of(type.summary)}</p>
      {type.effects.length > 0 && (
        <ul className="mt-2 list-disc pl-4">
          {type.effects.map((effect) => (
            <li key={effect.name}>{of(effect.summary)}</li>
          ))}
        </ul>
      )}
      <p className="mt-2">
        {t('editor.inspector.waysOut')}: {type.outputs.map(({ title }) => of(title)).join(', ')}
      </p>
    </details>
  );
}

/** Scrolls to a field that something else asked for, and puts the cursor in it. */
function useFieldFocus(nodeId: string, open: () => void) {
  const { ui } = useSessionOf();
  const wanted = useUi((state) => state.focusField);
  const body = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!wanted || wanted.nodeId !== nodeId) return;
    // Asked for once: whoever comes back to the step later comes to the step.
    ui.setState({ focusField: null });
    open();
    const path = wanted.path.replace(/^config\.?/, '');
    const focus = (): void => {
      const frames = [...(body.current?.querySelectorAll<HTMLElement>('[data-field]') ?? [])];
      // The field itself, or the nearest one around it.
      const found = frames
        .filter(({ dataset }) => path === dataset['field'] || path.startsWith(`${dataset['field']}.`))
        .sort((a, b) => (b.dataset['field']?.length ?? 0) - (a.dataset['field']?.length ?? 0))[0];
      found?.scrollIntoView({ block: 'center' });
      found?.querySelector<HTMLElement>('input, textarea, select, [contenteditable="true"], button')?.focus();
    };
    // At once, so that what is typed next lands there; and again when what had to be opened for it is drawn.
    focus();
    requestAnimationFrame(focus);
  }, [ui, wanted, nodeId, open]);
  return body;
}
