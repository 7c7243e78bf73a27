import type { Json } from '#nodes/sdk/json.js';
import { Pencil, Pin } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { pin, usePins } from '../editor/pins.js';
import { titleOf, useSessionOf } from '../editor/session.js';
import { useTexts } from '../i18n/useTexts.js';
import { toast } from '../ui/Toast.js';
import type { Definition, StepView } from '../api/types.js';
import type { SampleValues } from '../problems/checking.js';
import { PayloadTree } from '../runs/PayloadTree.js';
import { stepReference } from '../runs/reference.js';

const PinSheet = lazy(async () => ({ default: (await import('./PinSheet.js')).PinSheet }));

interface NodeValuesProps {
  readonly node: Definition['nodes'][number];
  readonly step: StepView | null;
  readonly side: 'input' | 'output';
  readonly sample: SampleValues | null;
}

/** What a step received or gave in the run that is shown, to look at and to drag into fields. */
export function NodeValues({ node, step, side, sample }: NodeValuesProps) {
  const { t } = useTexts();
  const session = useSessionOf();
  const { department, types } = session;
  const [writing, setWriting] = useState(false);
  const pins = usePins(department.id);
  const pinned = pins[node.id];
  const given = side === 'output' ? (pinned?.value ?? step?.output ?? sample?.steps[node.id]) : step?.input;
  const roots: { readonly title: string; readonly reference: string; readonly value: Json }[] =
    side === 'output'
      ? given === undefined || given === null
        ? []
        : [{ title: t('editor.values.gave'), reference: stepReference(node.id), value: given as Json }]
      : [
          ...(sample ? [{ title: 'trigger', reference: 'trigger', value: sample.trigger }] : []),
          ...Object.entries(sample?.steps ?? {}).flatMap(([id, value]) =>
            id === node.id ? [] : [{ title: stepReference(id), reference: stepReference(id), value }],
          ),
        ];
  const nodeType = types.get(node.type);
  const canWrite = side === 'output' && nodeType !== undefined && nodeType.kind !== 'trigger';
  const write = canWrite && (
    <button type="button" className="field-add press !mt-0" onClick={() => setWriting(true)}>
      <Pencil size={14} aria-hidden="true" />
      {t(pinned === undefined ? 'editor.pin.write' : 'editor.pin.change')}
    </button>
  );
  const port = pinned ? pinned.port : (step?.port ?? sample?.ports?.[node.id]);
  const sheet = canWrite && writing && (
    <Suspense fallback={null}>
      <PinSheet
        departmentId={department.id}
        node={node}
        nodeType={nodeType}
        title={titleOf(session, node)}
        initial={given == null ? null : { value: given as Json, ...(port && { port }) }}
        onClose={() => setWriting(false)}
      />
    </Suspense>
  );
  return (
    <div className="space-y-2 py-3">
      {side === 'input' && given != null && (
        <section>
          <h3 className="px-3.5 font-sans text-xs font-semibold text-ink-2">{t('editor.values.received')}</h3>
          <PayloadTree value={given as Json} />
        </section>
      )}
      {roots.length === 0 && given == null && (
        <p className="px-3.5 py-2 text-ink-2">{t(`editor.values.none.${side}`)}</p>
      )}
      {side === 'output' && (given != null || canWrite) && (
        <div className="flex flex-wrap items-center gap-2 px-3.5">
          {given != null && (
            <button
              type="button"
              aria-pressed={pinned !== undefined}
              className="field-add press !mt-0"
              onClick={() => {
                const kept = pin(
                  department.id,
                  node.id,
                  pinned === undefined ? { value: given as Json, ...(port && { port }) } : undefined,
                );
                if (!kept) toast(t('editor.pin.tooBig'), { tone: 'error' });
              }}
            >
              <Pin size={14} aria-hidden="true" />
              {t(pinned === undefined ? 'editor.pin.keep' : 'editor.pin.release')}
            </button>
          )}
          {write}
          {sheet}
          {pinned !== undefined && <span className="text-xs text-ink-2">{t('editor.pin.kept')}</span>}
        </div>
      )}
      {roots.length > 0 && <p className="px-3.5 text-xs text-ink-3">{t('editor.values.drag')}</p>}
      {roots.map((root) => (
        <section key={root.title}>
          <h3 className="px-3.5 font-mono text-xs font-semibold text-ink-2">{root.title}</h3>
          <PayloadTree value={root.value} reference={root.reference} />
        </section>
      ))}
    </div>
  );
}
