import { Link } from '@tanstack/react-router';
import { History, Layers, MessagesSquare, Workflow } from 'lucide-react';
import { useTexts } from '../i18n/useTexts.js';

/** From a team's rehearsal to what it has done, and back. */
export function DepartmentTabs({ departmentId }: { departmentId: string }) {
  const { t } = useTexts();
  const tabs = [
    { to: '/departments/$departmentId/edit', label: t('editor.title'), Icon: Workflow },
    { to: '/departments/$departmentId/simulator', label: t('simulator.tab'), Icon: MessagesSquare },
    { to: '/departments/$departmentId/runs', label: t('runs.title'), Icon: History },
    { to: '/departments/$departmentId/versions', label: t('editor.versions.title'), Icon: Layers },
  ] as const;
  return (
    <nav aria-label={t('runs.tabs')} className="flex h-full flex-none desk:ml-3.5 desk:gap-0.5">
      {tabs.map(({ to, label, Icon }) => (
        <Link
          key={to}
          to={to}
          params={{ departmentId }}
          className="relative flex min-w-11 items-center justify-center font-medium text-ink-2 hover:text-ink data-[status=active]:font-semibold data-[status=active]:text-ink data-[status=active]:after:absolute data-[status=active]:after:inset-x-[9px] data-[status=active]:after:-bottom-px data-[status=active]:after:h-[3px] data-[status=active]:after:rounded-t-[3px] data-[status=active]:after:bg-ink desk:px-[11px]"
        >
          <Icon size={20} className="desk:hidden" aria-hidden="true" />
          <span className="sr-only desk:not-sr-only">{label}</span>
        </Link>
      ))}
    </nav>
  );
}
