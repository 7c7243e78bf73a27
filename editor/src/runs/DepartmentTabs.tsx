import { Link } from '@tanstack/react-router';
import { useTexts } from '../i18n/useTexts.js';

/** From a team's rehearsal to what it has done, and back. On a phone a row of its own below the name. */
export function DepartmentTabs({ departmentId }: { departmentId: string }) {
  const { t } = useTexts();
  const tabs = [
    { to: '/departments/$departmentId/edit', label: t('editor.title') },
    { to: '/departments/$departmentId/simulator', label: t('simulator.tab') },
    { to: '/departments/$departmentId/runs', label: t('runs.title') },
    { to: '/departments/$departmentId/versions', label: t('editor.versions.title') },
  ] as const;
  return (
    <nav
      aria-label={t('runs.tabs')}
      className="order-last flex h-11 basis-full desk:order-none desk:ml-1 desk:h-full min-[75rem]:ml-3.5 desk:flex-none desk:basis-auto desk:gap-0.5"
    >
      {tabs.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          params={{ departmentId }}
          className="relative flex min-w-0 flex-auto items-center justify-center font-medium text-ink-2 hover:text-ink data-[status=active]:font-semibold data-[status=active]:text-ink data-[status=active]:after:absolute data-[status=active]:after:inset-x-[9px] data-[status=active]:after:-bottom-px data-[status=active]:after:h-[3px] data-[status=active]:after:rounded-t-[3px] data-[status=active]:after:bg-ink desk:flex-none desk:px-2 min-[75rem]:px-[11px]"
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
