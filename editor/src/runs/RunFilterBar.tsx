import { ListFilter, Search } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { runStatuses } from '#engine/graph/statuses.js';
import type { DepartmentView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Sheet } from '../ui/Sheet.js';
import { SelectField, TextField } from '../ui/TextField.js';
import { Tick } from '../ui/Tick.js';
import { countFilters, origins, periods, triggers, type Period, type RunFilters } from './runFilters.js';
import { useDesktop } from './useDesktop.js';

interface RunFilterBarProps {
  readonly filters: RunFilters;
  readonly onChange: (change: RunFilters) => void;
  readonly onClear: () => void;
  /** To choose from, when the list is of all departments. */
  readonly departments?: readonly DepartmentView[] | undefined;
  /** To choose from, when it is of one. */
  readonly versions?: readonly number[] | undefined;
}

/** What to look for. In a row on a desktop; on a phone the words, and the rest in a sheet. */
export function RunFilterBar(props: RunFilterBarProps) {
  const { filters, onClear } = props;
  const { t } = useTexts();
  const desktop = useDesktop();
  const [open, setOpen] = useState(false);
  const count = countFilters(filters);
  if (desktop)
    return (
      <div role="search" aria-label={t('runs.filter.label')} className="mb-4 grid gap-3">
        <div className="grid grid-cols-[minmax(180px,2fr)_repeat(5,minmax(104px,1fr))] items-start gap-3">
          <Words {...props} />
          <Choices {...props} />
        </div>
        <div className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <Ticks {...props} />
          <span className="flex-1" />
          {count > 0 && (
            <Button size="sm" variant="quiet" onClick={onClear}>
              {t('runs.filter.clear')}
            </Button>
          )}
        </div>
      </div>
    );
  return (
    <div role="search" aria-label={t('runs.filter.label')} className="mb-4 grid gap-2">
      <Words {...props} />
      <Button wide icon={<ListFilter size={17} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {count > 0 ? t('runs.filter.openCount', { count }) : t('runs.filter.open')}
      </Button>
      <Sheet
        open={open}
        onOpenChange={setOpen}
        title={t('runs.filter.label')}
        actions={
          <>
            {count > 0 && (
              <Button wide onClick={onClear}>
                {t('runs.filter.clear')}
              </Button>
            )}
            <Button wide onClick={() => setOpen(false)}>
              {t('runs.filter.done')}
            </Button>
          </>
        }
      >
        <div className="grid gap-3.5 pt-1">
          <Choices {...props} />
          <Ticks {...props} />
        </div>
      </Sheet>
    </div>
  );
}

/** Asks once the writer pauses. */
function Words({ filters, onChange }: Pick<RunFilterBarProps, 'filters' | 'onChange'>) {
  const { t } = useTexts();
  const [text, setText] = useState(filters.q ?? '');
  const [asked, setAsked] = useState(filters.q);
  // Cleared from elsewhere.
  if (filters.q !== asked) {
    setAsked(filters.q);
    setText(filters.q ?? '');
  }
  const ask = useEffectEvent((q: string | undefined) => {
    if (q === filters.q) return;
    setAsked(q);
    onChange({ q });
  });
  useEffect(() => {
    const timer = setTimeout(() => ask(text.trim() || undefined), 350);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <TextField
      type="search"
      label={t('runs.filter.search')}
      help={
        text ? [t('runs.filter.searchHelp'), ...(filters.period ? [] : [t('runs.filter.searchMonth')])].join(' ') : ''
      }
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      end={<Search size={16} aria-hidden="true" className="pointer-events-none mr-3 text-ink-3" />}
    />
  );
}

function Choices({ filters, onChange, departments, versions }: RunFilterBarProps) {
  const { t } = useTexts();
  return (
    <>
      {departments && (
        <SelectField
          label={t('runs.filter.department')}
          value={filters.department ?? ''}
          onChange={(value) => onChange({ department: value || undefined })}
          options={[
            { value: '', label: t('runs.filter.anyDepartment') },
            ...departments.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <SelectField
        label={t('runs.filter.status')}
        value={filters.status ?? ''}
        onChange={(value) => onChange({ status: runStatuses.find((each) => each === value) })}
        options={[
          { value: '', label: t('runs.filter.anyStatus') },
          ...runStatuses.map((value) => ({ value, label: t(`runs.status.${value}`) })),
        ]}
      />
      <SelectField
        label={t('runs.filter.trigger')}
        value={filters.trigger ?? ''}
        onChange={(value) => onChange({ trigger: triggers.find((each) => each === value) })}
        options={[
          { value: '', label: t('runs.filter.anyTrigger') },
          ...triggers.map((value) => ({ value, label: t(`runs.trigger.${value}`) })),
        ]}
      />
      <SelectField
        label={t('runs.filter.made')}
        value={filters.origin ?? ''}
        onChange={(value) => onChange({ origin: origins.find((each) => each === value) })}
        options={[
          { value: '', label: t('runs.filter.mades.any') },
          ...origins.map((value) => ({ value, label: t(`runs.filter.mades.${value}`) })),
        ]}
      />
      {versions && (
        <SelectField
          label={t('runs.filter.version')}
          value={filters.version === undefined ? '' : String(filters.version)}
          onChange={(value) => onChange({ version: value === '' ? undefined : Number(value) })}
          options={[
            { value: '', label: t('runs.filter.anyVersion') },
            ...versions.map((version) => ({ value: String(version), label: t('runs.facts.old', { version }) })),
            { value: '0', label: t('runs.draft') },
          ]}
        />
      )}
      <SelectField
        label={t('runs.filter.period')}
        value={filters.period ?? ''}
        onChange={(value) => onChange({ period: (Object.keys(periods) as Period[]).find((each) => each === value) })}
        options={[
          { value: '', label: t('runs.filter.periods.any') },
          ...(Object.keys(periods) as Period[]).map((value) => ({
            value,
            label: t(`runs.filter.periods.${value}`),
          })),
        ]}
      />
    </>
  );
}

function Ticks({ filters, onChange }: Pick<RunFilterBarProps, 'filters' | 'onChange'>) {
  const { t } = useTexts();
  return (
    <>
      {(['failedFirst', 'yours', 'uncertain'] as const).map((name) => (
        <button
          key={name}
          type="button"
          role="checkbox"
          aria-checked={filters[name] === true}
          onClick={() => onChange({ [name]: filters[name] ? undefined : true })}
          className="press flex min-h-11 items-center gap-2.5 rounded-sm text-left font-medium desk:min-h-8"
        >
          <Tick on={filters[name] === true} />
          {t(`runs.filter.${name}`)}
        </button>
      ))}
    </>
  );
}
