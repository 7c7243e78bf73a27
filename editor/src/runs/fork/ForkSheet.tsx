import { GitFork } from 'lucide-react';
import { useMemo, useState } from 'react';
import { outputsOf } from '#engine/graph/ports.js';
import { api } from '../../api/api.js';
import type { Definition, DepartmentView, ForkBody, Json, PublicNode, RunView, StepView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { Segmented } from '../../ui/Segmented.js';
import { Sheet } from '../../ui/Sheet.js';
import { SelectField } from '../../ui/TextField.js';
import { truncation } from '../PayloadTree.js';
import { BranchChoices, type Branch } from './BranchChoices.js';
import { JsonField } from './JsonField.js';
import { problemsIn } from './problemsIn.js';
import { useBranch } from './useBranch.js';

interface ForkSheetProps {
  readonly run: RunView;
  readonly step: StepView;
  readonly title: string;
  readonly node: Definition['nodes'][number];
  readonly nodeType: PublicNode;
  /** `null` once it was let go. */
  readonly department: DepartmentView | null;
  readonly onClose: () => void;
  /** Shows the new run; otherwise its page is opened. */
  readonly onBegun?: (runId: string) => void;
}

/** What is changed: what the step returned, what it received, or nothing. */
type Change = 'output' | 'input' | 'again';

/** A new run from a step of this one, with what that step returned or received changed by hand. */
export function ForkSheet({ run, step, title, node, nodeType, department, onClose, onBegun }: ForkSheetProps) {
  const { t, locale, of } = useTexts();
  const ports = outputsOf(nodeType, node.config, node.onError);
  // A trigger receives what it returns; of an input too big to be kept there is only the beginning.
  const changes: readonly Change[] =
    nodeType.kind === 'trigger'
      ? ['output']
      : truncation(step.input)
        ? ['output', 'again']
        : ['output', 'input', 'again'];
  const [change, setChange] = useState<Change>('output');
  const [port, setPort] = useState(step.port ?? ports[0]?.name ?? 'out');
  const [texts, setTexts] = useState<Readonly<Record<'output' | 'input', string>>>(() => ({
    output: textOf(step.output),
    input: textOf(step.input),
  }));
  const [branch, setBranch] = useState<Branch>({ version: undefined, effects: 'rehearse' });
  const begin = useBranch((body: ForkBody) => api.forkRun(run.id, body), onBegun);
  const schema = useMemo(
    () =>
      (change === 'output' &&
        outputsOf(nodeType, node.config, node.onError).find(({ name }) => name === port)?.schema) ||
      {},
    [change, nodeType, node, port],
  );
  const side = change === 'input' ? 'input' : 'output';
  const written = texts[side];
  const read = useMemo(
    () => (change === 'again' ? null : problemsIn(written, schema, locale, t('runs.fork.notJson'))),
    [change, written, schema, locale, t],
  );
  // A step that lets the run go on when it fails leaves what went wrong in the place of its value.
  const failed = change === 'output' && node.onError === 'continue' && isFailure(read?.value);
  const marks = failed ? [] : (read?.marks ?? []);
  const fork = (): void =>
    begin.mutate({
      fromStep: step.path,
      ...(read && read.value !== undefined && { state: read.value, edit: side }),
      ...(change === 'output' && { port }),
      ...branch,
    });
  return (
    <Sheet
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t('runs.fork.title', { title })}
      description={t('runs.fork.lead')}
      actions={
        <Button
          wide
          icon={<GitFork size={16} aria-hidden="true" />}
          loading={begin.isPending}
          disabled={read !== null && (read.value === undefined || marks.length > 0)}
          onClick={fork}
        >
          {t('runs.fork.submit')}
        </Button>
      }
    >
      <div className="grid gap-4 pt-1">
        {changes.length > 1 && (
          <Segmented
            label={t('runs.fork.change')}
            value={change}
            onChange={setChange}
            options={changes.map((value) => ({ value, label: t(`runs.fork.changes.${value}`) }))}
          />
        )}
        <p className="text-sm text-ink-2">{t(`runs.fork.about.${change}`)}</p>
        {change === 'output' && ports.length > 1 && (
          <SelectField
            label={t('simulator.step.route')}
            value={port}
            onChange={setPort}
            options={ports.map(({ name, title: named }) => ({ value: name, label: of(named) }))}
          />
        )}
        {change !== 'again' && (
          <JsonField
            key={side}
            label={t(`simulator.step.${side}`)}
            initial={written}
            onChange={(text) => setTexts((before) => ({ ...before, [side]: text }))}
            marks={marks}
          />
        )}
        {marks.length > 0 && read?.value !== undefined && <Notice>{t('runs.fork.mustFit')}</Notice>}
        <BranchChoices run={run} department={department} value={branch} onChange={setBranch} />
      </div>
    </Sheet>
  );
}

const isFailure = (value: Json | undefined): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).join() === 'error';
const textOf = (value: Json): string => JSON.stringify(value, null, 2);
