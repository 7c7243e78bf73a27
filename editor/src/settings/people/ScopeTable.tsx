import { useTexts } from '../../i18n/useTexts.js';
import { ptBR } from '../../i18n/pt-BR/index.js';
import { Tick } from '../../ui/Tick.js';

type Resource = keyof typeof ptBR.people.scopes;
const isResource = (name: string): name is Resource => name in ptBR.people.scopes;

interface ScopeTableProps {
  /** `<resource>:<action>` of whoever makes the key: it gets no more. */
  readonly permissions: readonly string[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}

/** For each thing, whether the key may see it and whether it may change it. */
export function ScopeTable({ permissions, chosen, onChange }: ScopeTableProps) {
  const { t } = useTexts();
  const resources = [...new Set(permissions.map((permission) => permission.split(':')[0] ?? ''))];
  const of = (resource: string, reading: boolean): string[] =>
    permissions.filter((one) => one.startsWith(`${resource}:`) && one.endsWith(':read') === reading);
  const toggle = (scopes: readonly string[], on: boolean): void => {
    const next = new Set(chosen);
    for (const scope of scopes)
      if (on) next.add(scope);
      else next.delete(scope);
    onChange(next);
  };
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-semibold desk:text-xs">{t('people.keys.scopes')}</legend>
      <ul className="divide-y divide-line rounded-md shadow-[inset_0_0_0_1px_var(--color-line)]">
        {resources.map((resource) => {
          const name = isResource(resource) ? t(`people.scopes.${resource}`) : resource;
          return (
            <li key={resource} className="flex min-h-12 items-center gap-2 px-3">
              <span className="min-w-0 flex-1 truncate">{name}</span>
              {[true, false].map((reading) => {
                const scopes = of(resource, reading);
                const on = scopes.length > 0 && scopes.every((scope) => chosen.has(scope));
                const label = t(reading ? 'people.keys.read' : 'people.keys.act');
                if (scopes.length === 0) return <span key={label} className="w-20" />;
                return (
                  <button
                    key={label}
                    type="button"
                    role="checkbox"
                    aria-checked={on}
                    aria-label={`${name}: ${label}`}
                    onClick={() => toggle(scopes, !on)}
                    className="press flex min-h-11 w-20 items-center gap-2 text-sm text-ink-2"
                  >
                    <Tick on={on} />
                    {label}
                  </button>
                );
              })}
            </li>
          );
        })}
      </ul>
    </fieldset>
  );
}
