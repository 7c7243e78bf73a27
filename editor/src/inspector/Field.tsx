import { Plus, Trash2 } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import type { Json } from '#nodes/sdk/json.js';
import { useTexts } from '../i18n/useTexts.js';
import { ConnectionField } from './ConnectionField.js';
import { ExpressionField } from './ExpressionField.js';
import { useField, type Path } from './fieldContext.js';
import { FieldFrame } from './FieldFrame.js';
import { isShown, type FieldSpec } from './formOf.js';
import { KnowledgeField } from './KnowledgeField.js';
import { ListField } from './ListField.js';
import { MediaPreview } from './MediaPreview.js';
import { ModelField } from './ModelField.js';
import {
  DurationField,
  LiteralField,
  NumberField,
  SelectFieldOf,
  SwitchField,
  TimezoneField,
  type FieldProps,
} from './PlainFields.js';
import { ScheduleField } from './ScheduleField.js';

interface Props {
  readonly spec: FieldSpec;
  /** The fields of the same form, which decide whether this one is shown. */
  readonly siblings: readonly FieldSpec[];
  readonly path: Path;
  /** Values of the form, by field name. */
  readonly values: Readonly<Record<string, Json | undefined>>;
}

/** One field of a node's form, by what its schema says it holds. */
export function Field({ spec, siblings, path, values }: Props) {
  if (!isShown(spec, siblings, values)) return null;
  return <ShownField spec={spec} path={path} value={values[spec.name]} />;
}

/** Fields that hold one value of a kind, and may hold an expression that gives it. */
const chosen = new Set<FieldSpec['control']>(['number', 'switch', 'select', 'duration', 'list']);

function ShownField({ spec, path, value }: FieldProps) {
  const { t } = useTexts();
  const { set } = useField();
  const isFormula =
    typeof value === 'string' &&
    (value.includes('{{') || ['number', 'switch', 'duration', 'list'].includes(spec.control));
  const [wanted, setWanted] = useState(false);
  if (chosen.has(spec.control) && !spec.literal) {
    const on = isFormula || wanted;
    const formula = {
      on,
      toggle: () => {
        setWanted(!on);
        if (on) set(path, undefined);
      },
      take: Array.isArray(value) && value.length > 0 ? null : (reference: string) => set(path, `{{ ${reference} }}`),
    };
    if (on)
      return <ExpressionField spec={{ ...spec, control: 'expression' }} path={path} value={value} formula={formula} />;
    return <Chosen spec={spec} path={path} value={value} formula={formula} />;
  }
  switch (spec.control) {
    case 'cron':
      return <ScheduleField spec={spec} path={path} value={value} />;
    case 'connection':
      return <ConnectionField spec={spec} path={path} value={value} />;
    case 'knowledge':
      return <KnowledgeField spec={spec} path={path} value={value} />;
    case 'model':
      return <ModelField spec={spec} path={path} value={value} />;
    case 'timezone':
      return <TimezoneField spec={spec} path={path} value={value} />;
    case 'group':
      return <GroupField spec={spec} path={path} value={value} add={t('editor.list.add')} />;
    case 'media':
      return (
        <GroupField
          spec={spec}
          path={path}
          value={value}
          add={t('pickers.media.add')}
          foot={<MediaPreview value={value} />}
        />
      );
    case 'text':
    case 'textarea':
      return spec.literal ? (
        <LiteralField spec={spec} path={path} value={value} />
      ) : (
        <ExpressionField spec={spec} path={path} value={value} prose={spec.control === 'textarea'} />
      );
    case 'expression':
      return <ExpressionField spec={spec} path={path} value={value} />;
    default:
      return <Chosen spec={spec} path={path} value={value} />;
  }
}

function Chosen(props: FieldProps) {
  switch (props.spec.control) {
    case 'number':
      return <NumberField {...props} />;
    case 'switch':
      return <SwitchField {...props} />;
    case 'select':
      return <SelectFieldOf {...props} />;
    case 'duration':
      return <DurationField {...props} />;
    default:
      return <ListField {...props} Field={Field} />;
  }
}

/** Fields that belong together and are there or not as one. */
function GroupField({ spec, path, value, add, foot }: FieldProps & { add: string; foot?: ReactNode }) {
  const id = useId();
  const { t } = useTexts();
  const { set, readOnly } = useField();
  const values = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  return (
    <FieldFrame spec={spec} path={path} id={id} as="span">
      {values ? (
        <div role="group" aria-labelledby={`${id}-label`} className="field-item">
          <div className="min-w-0 flex-1 space-y-2">
            {spec.fields.map((field) => (
              <Field
                key={field.name}
                spec={field}
                siblings={spec.fields}
                path={[...path, field.name]}
                values={values}
              />
            ))}
            {foot}
          </div>
          {!readOnly && !spec.required && (
            <button
              type="button"
              aria-label={`${t('editor.list.removeGroup')}: ${spec.title}`}
              className="field-item-button press"
              onClick={() => set(path, undefined)}
            >
              <Trash2 size={14} aria-hidden="true" />
            </button>
          )}
        </div>
      ) : (
        !readOnly && (
          <button type="button" className="field-add press" onClick={() => set(path, {})}>
            <Plus size={15} aria-hidden="true" />
            {add}
          </button>
        )
      )}
    </FieldFrame>
  );
}
