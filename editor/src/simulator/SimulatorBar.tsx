import { Link } from '@tanstack/react-router';
import { ChevronLeft, RotateCcw } from 'lucide-react';
import { SandboxChip } from '../app/SandboxChip.js';
import { useOrganization } from '../app/useOrganization.js';
import type { DepartmentView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Chip } from '../ui/Chip.js';
import { Emblem } from '../ui/Emblem.js';
import { DepartmentTabs } from '../runs/DepartmentTabs.js';
import { Logo } from '../ui/Logo.js';

/** Whose department this is, which version answers, and the way back. */
export function SimulatorBar({ department, onRestart }: { department: DepartmentView | null; onRestart: () => void }) {
  const { t } = useTexts();
  const { name, sandbox } = useOrganization();
  return (
    <header className="z-(--z-dock) flex h-13 flex-none items-center gap-2 border-b border-line bg-surface px-2 desk:h-[52px] desk:gap-2.5 desk:px-3.5">
      <Link
        to="/home"
        aria-label={t('common.nav.home')}
        className="press grid size-11 flex-none place-items-center rounded-md text-ink-2 hover:bg-sunken desk:size-9"
      >
        <ChevronLeft size={22} className="desk:hidden" aria-hidden="true" />
        <span className="hidden desk:block">
          <Logo />
        </span>
      </Link>
      <span className="hidden max-w-[22ch] truncate font-semibold text-ink-2 desk:block">{name}</span>
      <span className="hidden text-ink-3 desk:block" aria-hidden="true">
        /
      </span>
      {department && (
        <span className="hidden desk:block">
          <Emblem team={department.type} size={24} />
        </span>
      )}
      <h1 className="min-w-0 truncate font-sans text-base font-semibold tracking-normal">{department?.name}</h1>
      {department && <DepartmentTabs departmentId={department.id} />}
      <span className="min-w-0 flex-1" />
      {sandbox && <SandboxChip compact />}
      {department?.published && (
        <span className="hidden desk:block">
          <Chip tone="line" tall>
            {t('simulator.live', { version: department.published.version })}
          </Chip>
        </span>
      )}
      <Button
        size="sm"
        className="min-h-11 min-w-11 desk:min-h-8"
        icon={<RotateCcw size={15} aria-hidden="true" />}
        onClick={onRestart}
        aria-label={t('simulator.restart')}
      >
        <span className="hidden desk:inline">{t('simulator.restart')}</span>
      </Button>
    </header>
  );
}
