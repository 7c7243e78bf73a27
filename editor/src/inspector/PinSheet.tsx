import { Pin as PinIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { outputsOf } from '#engine/graph/ports.js';
import type { Definition, Json, PublicNode } from '../api/types.js';
import { pin, type Pin } from '../editor/pins.js';
import { useTexts } from '../i18n/useTexts.js';
import { JsonField } from '../runs/fork/JsonField.js';
import { problemsIn } from '../runs/fork/problemsIn.js';
import { Button } from '../ui/Button.js';
import { Sheet } from '../ui/Sheet.js';
import { SelectField } from '../ui/TextField.js';
import { toast } from '../ui/Toast.js';
import { exampleOf } from './exampleOf.js';

interface PinSheetProps {
  readonly departmentId: string;
  readonly node: Definition['nodes'][number];
  readonly nodeType: PublicNode;
  readonly title: string;
  /** What is pinned, or what the step gave; absent for a step that has given nothing yet. */
  readonly initial: Pin | null;
  readonly onClose: () => void;
}

/** A result to test with, written by hand: the way the step leaves by and the value that goes out, held against what that way gives. */
export function PinSheet({ departmentId, node, nodeType, title, initial, onClose }: PinSheetProps) {
  const { t, locale, of } = useTexts();
  const ways = useMemo(() => outputsOf(nodeType, node.config, node.onError), [nodeType, node]);
  const [port, setPort] = useState(initial?.port ?? ways[0]?.name ?? 'out');
  const schema = useMemo(() => ways.find(({ name }) => name === port)?.schema ?? {}, [ways, port]);
  const [first] = useState(() => JSON.stringify(initial?.value ?? exampleOf(schema), null, 2));
  const [text, setText] = useState(first);
  const read = useMemo(() => problemsIn(text, schema, locale, t('runs.fork.notJson')), [text, schema, locale, t]);
  const keep = (): void => {
    if (read.value === undefined) return;
    if (pin(departmentId, node.id, { value: read.value as Json, port })) onClose();
    else toast(t('editor.pin.tooBig'), { tone: 'error' });
  };
  return (
    <Sheet
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t('editor.pin.title', { title })}
      description={t('editor.pin.lead')}
      actions={
        <Button
          wide
          icon={<PinIcon size={16} aria-hidden="true" />}
          disabled={read.value === undefined || read.marks.length > 0}
          onClick={keep}
        >
          {t('editor.pin.keep')}
        </Button>
      }
    >
      <div className="grid gap-4 pt-1">
        {ways.length > 1 && (
          <SelectField
            label={t('simulator.step.route')}
            value={port}
            onChange={setPort}
            options={ways.map(({ name, title: named }) => ({ value: name, label: of(named) }))}
          />
        )}
        <JsonField label={t('simulator.step.output')} initial={first} onChange={setText} marks={read.marks} />
      </div>
    </Sheet>
  );
}
