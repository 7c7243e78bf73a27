import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import type { DepartmentView, PublicNode, StepView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Sheet } from '../ui/Sheet.js';
import { Skeleton } from '../ui/Skeleton.js';
import { RunInspector } from './inspect/RunInspector.js';
import { runTitle } from './runTitle.js';
import { nodesOf, type NodeFacts } from './timeline/nodesOf.js';
import type { TimelineRow } from './timeline/rows.js';
import { watchedRow } from './timeline/watchedRow.js';
import { useDesktop } from './useDesktop.js';
import type { OpenRun } from './useOpenRun.js';

const DepartmentCanvas = lazy(async () => ({
  default: (await import('../canvas/DepartmentCanvas.js')).DepartmentCanvas,
}));
const ForkSheet = lazy(async () => ({ default: (await import('./fork/ForkSheet.js')).ForkSheet }));

/** How a team is drawn that is not there any more. */
export const NO_TEAM = 'custom';

interface Looking {
  /** `null` once it was let go. */
  readonly department: DepartmentView | null;
  readonly nodeTypes: readonly PublicNode[];
  /** The key of the row that one looks at; `null` before one chose. */
  readonly chosen: string | null;
  readonly onChoose: (key: string | null) => void;
  /** Something else lies over the page: the step of a phone waits below. */
  readonly covered?: boolean;
  /** Shows a run that was forked from this one; otherwise its page is opened. */
  readonly onForked?: (runId: string) => void;
}

interface RunParts {
  readonly title: string;
  readonly factsOf: (nodeId: string) => NodeFacts;
  /** The row that one looks at; on a desktop there is one before one chose. */
  readonly row: TimelineRow | null;
  /** What that row received, returned and did. */
  readonly inspector: ReactNode;
  /** The version that ran, with the way the run went. */
  readonly canvas: ReactNode;
  /** What lies over the page: on a phone the step, and a fork while one begins it. */
  readonly sheets: ReactNode;
}

/** The parts of which every page that shows one run is put together. */
export function useRunParts(open: OpenRun, looking: Looking): RunParts {
  const { record, rows, lit, live, writing, definition } = open;
  const { department, nodeTypes, chosen, onChoose, covered = false, onForked } = looking;
  const { t, locale } = useTexts();
  const desktop = useDesktop();
  const team = department?.type ?? NO_TEAM;
  const factsOf = useMemo(() => nodesOf(definition, nodeTypes, locale), [definition, nodeTypes, locale]);
  const [forking, setForking] = useState<StepView | null>(null);
  const key = chosen ?? (desktop ? (watchedRow(rows)?.key ?? null) : null);
  const row = rows.find((each) => each.key === key) ?? null;
  const trigger = factsOf(record.run.triggerNode);
  const forked = forking && factsOf(forking.nodeId);
  const chooseNode = (nodeId: string | null): void =>
    onChoose(nodeId && (rows.findLast((each) => each.nodeId === nodeId && each.kind !== 'lap')?.key ?? null));

  const inspector = row && (
    <RunInspector
      key={row.key}
      record={record}
      row={row}
      rows={rows}
      factsOf={factsOf}
      definition={definition}
      team={team}
      live={live}
      writing={writing}
      onFork={setForking}
      bare={!desktop}
    />
  );
  const canvas = (
    <Suspense fallback={<Skeleton className="h-full" />}>
      <DepartmentCanvas
        definition={definition}
        nodeTypes={nodeTypes}
        team={team}
        run={lit}
        selected={row?.nodeId ?? null}
        onSelect={chooseNode}
      />
    </Suspense>
  );
  const sheets = (
    <>
      {!desktop && (
        <Sheet
          open={row !== null && !forking && !covered}
          onOpenChange={(isOpen) => !isOpen && onChoose(null)}
          title={row ? factsOf(row.nodeId).title : t('simulator.step.tabs')}
        >
          <div className="-mx-4">{inspector}</div>
        </Sheet>
      )}
      {forking && forked?.node && forked.type && (
        <Suspense fallback={null}>
          <ForkSheet
            run={record.run}
            step={forking}
            title={forked.title}
            node={forked.node}
            nodeType={forked.type}
            department={department}
            onClose={() => setForking(null)}
            {...(onForked && {
              onBegun: (id: string) => {
                setForking(null);
                onForked(id);
              },
            })}
          />
        </Suspense>
      )}
    </>
  );
  const title = runTitle(record.run, { type: trigger.type?.type ?? '', title: trigger.title }, t);
  return { title, factsOf, row, inspector, canvas, sheets };
}
