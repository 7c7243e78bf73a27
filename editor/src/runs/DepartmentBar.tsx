import { Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { SandboxChip } from '../app/SandboxChip.js';
import { useOrganization } from '../app/useOrganization.js';
import type { DepartmentView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { classes } from '../ui/classes.js';
import { Emblem } from '../ui/Emblem.js';
import { Logo } from '../ui/Logo.js';
import { DepartmentTabs } from './DepartmentTabs.js';

/** Whose department this is, its parts, the way back, and at the right what one can do here. */
export function DepartmentBar({
  department,
  titled = false,
  crowded = false,
  children,
}: {
  department: DepartmentView | null;
  /** The department's name is the title of the page. */
  titled?: boolean;
  /** Much stands at the right: the house's name waits for a wide screen. */
  crowded?: boolean;
  children?: ReactNode;
}) {
  const { t } = useTexts();
  const { name, sandbox } = useOrganization();
  const Name = titled ? 'h1' : 'span';
  return (
    <header className="z-(--z-dock) flex flex-none flex-wrap items-center gap-x-1.5 border-b border-line bg-surface px-2 pt-1 desk:h-[52px] desk:flex-nowrap desk:gap-1.5 desk:px-3.5 desk:pt-0 min-[75rem]:gap-2.5">
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
      <span
        className={classes(
          'hidden max-w-[22ch] truncate font-semibold text-ink-2',
          crowded ? 'flex-none min-[90rem]:block' : 'desk:block',
        )}
      >
        {name}
      </span>
      <span className={classes('hidden text-ink-3', crowded ? 'min-[90rem]:block' : 'desk:block')} aria-hidden="true">
        /
      </span>
      {department && (
        <>
          <span className="desk:hidden">
            <Emblem team={department.type} size={34} />
          </span>
          <span className="hidden desk:block">
            <Emblem team={department.type} size={24} />
          </span>
        </>
      )}
      <Name
        title={department?.name}
        className={classes(
          'min-w-0 flex-1 truncate pl-1 font-sans text-base font-semibold tracking-normal desk:flex-initial desk:pl-0',
          crowded && 'desk:min-w-16 min-[75rem]:min-w-20',
        )}
      >
        {department?.name}
      </Name>
      {department && <DepartmentTabs departmentId={department.id} />}
      <span className="hidden min-w-0 flex-1 desk:block" />
      {sandbox && <SandboxChip compact={crowded ? 'always' : true} />}
      {children}
    </header>
  );
}
