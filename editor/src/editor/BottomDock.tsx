import { ChevronDown, ChevronUp } from 'lucide-react';
import { useTexts } from '../i18n/useTexts.js';
import type { LiveRun } from '../canvas/liveRun.js';
import { ProblemsTable } from '../problems/ProblemsTable.js';
import { StepsConsole } from '../runs/StepsConsole.js';
import { classes } from '../ui/classes.js';
import { levelOfNode } from '../canvas/levels.js';
import { useDefinition, useSessionOf, useUi } from './session.js';
import { show, type Dock } from './uiState.js';

/** Below the canvas: what is wrong, and what the run that is shown did. */
export function BottomDock({ run }: { run: LiveRun | null }) {
  const { t } = useTexts();
  const { ui, types, department } = useSessionOf();
  const definition = useDefinition();
  const dock = useUi((state) => state.dock);
  const problems = useUi((state) => state.problems);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const steps = [...(run?.steps.values() ?? [])];
  const open = (next: Dock): void => ui.setState({ dock: dock === next ? null : next });
  const tab = (name: 'problems' | 'console', count: number, bad: boolean) => (
    <button
      type="button"
      aria-expanded={dock === name}
      aria-controls="editor-dock"
      className={classes('dock-tab', dock === name && 'on')}
      onClick={() => open(name)}
    >
      {t(`editor.dock.${name}`)}
      {count > 0 && <span className={classes('dock-count num', bad && 'bad')}>{count}</span>}
    </button>
  );
  return (
    <section aria-label={t('editor.dock.label')} className="editor-dock">
      <div className="flex h-9 flex-none items-center gap-4 border-b border-line px-3.5">
        {tab('problems', problems.length, errors > 0)}
        {tab('console', steps.length, false)}
        <span className="flex-1" />
        {errors > 0 && (
          <span className="truncate text-xs text-ink-2">{t('editor.dock.blocks', { count: errors })}</span>
        )}
        <button
          type="button"
          aria-label={t(dock === null ? 'editor.dock.open' : 'editor.dock.close')}
          className="press grid size-7 place-items-center rounded-sm text-ink-3 hover:bg-sunken"
          onClick={() => open(dock ?? 'problems')}
        >
          {dock === null ? <ChevronUp size={16} aria-hidden="true" /> : <ChevronDown size={16} aria-hidden="true" />}
        </button>
      </div>
      {dock !== null && (
        <div
          id="editor-dock"
          tabIndex={0}
          role="region"
          aria-label={t(`editor.dock.${dock}`)}
          className={classes('overflow-y-auto', dock === 'problems' ? 'max-h-[132px]' : 'h-[132px]')}
        >
          {dock === 'problems' ? (
            <ProblemsTable />
          ) : steps.length === 0 ? (
            <p className="px-3.5 py-3 text-ink-2">{t('editor.dock.noRun')}</p>
          ) : (
            <StepsConsole
              steps={steps}
              definition={definition}
              nodeTypes={types}
              team={department.type}
              onSelect={(id) => show(ui, [id], levelOfNode(definition, types, id))}
            />
          )}
        </div>
      )}
    </section>
  );
}
