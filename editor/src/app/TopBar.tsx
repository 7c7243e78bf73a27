import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Face } from '../ui/Face.js';
import { Logo } from '../ui/Logo.js';
import { places } from './places.js';
import { SandboxChip } from './SandboxChip.js';
import { useOrganization } from './useOrganization.js';

/** The bar at the top of a desktop: whose house, where you are, who you are. */
export function TopBar({ waiting }: { waiting: number }) {
  const { t } = useTranslation();
  const { user, name, sandbox } = useOrganization();
  return (
    <header className="z-(--z-dock) hidden h-[52px] flex-none items-center gap-2.5 border-b border-line bg-surface px-3.5 desk:flex">
      <Logo />
      <span className="max-w-[22ch] truncate font-semibold">{name}</span>
      <nav aria-label={t('common.nav.main')} className="ml-3.5 flex h-full gap-0.5">
        {places.map(({ to, name: place }) => (
          <Link
            key={to}
            to={to}
            className="relative flex items-center gap-1.5 px-[11px] font-medium text-ink-2 hover:text-ink data-[status=active]:font-semibold data-[status=active]:text-ink data-[status=active]:after:absolute data-[status=active]:after:inset-x-[9px] data-[status=active]:after:-bottom-px data-[status=active]:after:h-[3px] data-[status=active]:after:rounded-t-[3px] data-[status=active]:after:bg-ink"
          >
            {t(`common.nav.${place}`)}
            {place === 'conversations' && waiting > 0 && (
              <span className="num min-w-[17px] rounded-[5px] bg-sol px-[5px] text-center text-[11px] leading-[17px] font-bold text-sol-ink">
                <span aria-hidden="true">{waiting}</span>
                <span className="sr-only">{t('common.waitingCount', { count: waiting })}</span>
              </span>
            )}
          </Link>
        ))}
      </nav>
      <span className="flex-1" />
      {sandbox && <SandboxChip />}
      {user && (
        <Link to="/settings" className="rounded-full">
          <Face name={user.name} you size={30} />
          <span className="sr-only">{`${t('common.nav.settings')}: ${user.name}`}</span>
        </Link>
      )}
    </header>
  );
}
