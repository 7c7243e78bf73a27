import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useId, type ComponentType, type ReactNode } from 'react';
import type { Json, JsonObject } from '#nodes/sdk/json.js';
import { useTexts } from '../i18n/useTexts.js';
import { useField, type Path } from './fieldContext.js';
import { FieldFrame } from './FieldFrame.js';
import type { FieldSpec } from './formOf.js';
import type { FieldProps } from './PlainFields.js';

/** A field inside an item, drawn by whoever draws fields. */
export type InnerField = ComponentType<{
  readonly spec: FieldSpec;
  readonly siblings: readonly FieldSpec[];
  readonly path: Path;
  readonly values: Readonly<Record<string, Json | undefined>>;
}>;

/** Items one below the other: forms, pairs of a name and a value, or single values. In order, as many as fit. */
export function ListField({ spec, path, value, formula, Field }: FieldProps & { readonly Field: InnerField }) {
  const id = useId();
  const { t } = useTexts();
  const { set, readOnly } = useField();
  const items = Array.isArray(value) ? value : Array.isArray(spec.fallback) ? spec.fallback : [];
  const { item } = spec;
  if (!item) return null;
  const full = spec.maxItems !== undefined && items.length >= spec.maxItems;
  const change = (next: readonly Json[]): void => set(path, [...next]);
  const move = (from: number, to: number): void => {
    const next = [...items];
    const [moved] = next.splice(from, 1);
    if (moved === undefined) return;
    next.splice(to, 0, moved);
    change(next);
  };
  return (
    <FieldFrame spec={spec} path={path} id={id} formula={formula} as="span">
      <ol className="grid gap-2" aria-labelledby={`${id}-label`}>
        {items.map((each, index) => (
          <li key={index} className="field-item">
            <div className="min-w-0 flex-1 space-y-2">
              {'fields' in item ? (
                item.fields.map((field) => (
                  <Field
                    key={field.name}
                    spec={field}
                    siblings={item.fields}
                    path={[...path, String(index), field.name]}
                    values={isObject(each) ? each : {}}
                  />
                ))
              ) : (
                <Field
                  spec={{ ...item.value, title: `${spec.title} ${index + 1}`, help: '' }}
                  siblings={[]}
                  path={[...path, String(index)]}
                  values={{ '': each }}
                />
              )}
            </div>
            {!readOnly && (
              <div className="flex flex-none flex-col">
                <ItemButton
                  label={t('editor.list.up', { index: index + 1 })}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                >
                  <ArrowUp size={14} />
                </ItemButton>
                <ItemButton
                  label={t('editor.list.down', { index: index + 1 })}
                  disabled={index === items.length - 1}
                  onClick={() => move(index, index + 1)}
                >
                  <ArrowDown size={14} />
                </ItemButton>
                <ItemButton
                  label={t('editor.list.remove', { index: index + 1 })}
                  onClick={() => change(items.toSpliced(index, 1))}
                >
                  <Trash2 size={14} />
                </ItemButton>
              </div>
            )}
          </li>
        ))}
      </ol>
      {!readOnly && !full && (
        <button type="button" className="field-add press" onClick={() => change([...items, fresh(item, items.length)])}>
          <Plus size={15} aria-hidden="true" />
          {t('editor.list.add')}
        </button>
      )}
      {full && <p className="mt-1 text-xs text-ink-3">{t('editor.list.full', { count: spec.maxItems })}</p>}
    </FieldFrame>
  );
}

function ItemButton(props: { label: string; disabled?: boolean; onClick: () => void; children: ReactNode }) {
  const { label, disabled, onClick, children } = props;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
      className="field-item-button press"
    >
      {children}
    </button>
  );
}

/** A new item: with a name of its own where it needs one, since it may become a way out of the node. */
function fresh(item: NonNullable<FieldSpec['item']>, count: number): Json {
  if ('value' in item) return item.value.options[0]?.value ?? (item.value.control === 'number' ? 0 : '');
  const made: JsonObject = {};
  for (const field of item.fields) {
    if (field.fallback !== undefined || !field.required) continue;
    if (['name', 'id', 'value'].includes(field.name) && field.control === 'text')
      made[field.name] = `${field.name}${count + 1}`;
    else if (field.control === 'switch') made[field.name] = false;
    else if (field.control === 'number') made[field.name] = field.minimum ?? 0;
    else if (field.control === 'select') made[field.name] = field.options[0]?.value ?? '';
    else if (field.control === 'list') made[field.name] = [];
    else if (field.control !== 'expression') made[field.name] = '';
  }
  return made;
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
