import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { places } from './places.js';

/** The bar at the bottom of a phone. The sun marks where it is your turn. */
export function TabBar({ waiting }: { waiting: number }) {
  const { t } = useTranslation();
  return (
    <nav
      aria-label={t('common.nav.main')}
      className="grid flex-none grid-cols-5 border-t border-line bg-surface px-1.5 pt-1.5 pb-[max(.5rem,env(safe-area-inset-bottom))] desk:hidden"
    >
      {places.map(({ to, name, Icon }) => (
        <Link
          key={to}
          to={to}
          className="group flex min-h-11 flex-col items-center gap-0.5 rounded-md text-[11px] leading-[14px] font-medium text-ink-3 data-[status=active]:font-semibold data-[status=active]:text-ink"
        >
          <span className="relative grid h-[30px] w-[52px] place-items-center rounded-[10px] group-data-[status=active]:bg-sunken">
            <Icon size={22} aria-hidden="true" />
            {name === 'conversations' && waiting > 0 && (
              <>
                <em
                  aria-hidden="true"
                  className="absolute -top-px left-[30px] grid h-[17px] min-w-[17px] place-items-center rounded-[9px] bg-sol px-1 text-[11px] leading-none font-bold text-sol-ink not-italic shadow-[0_0_0_2px_var(--color-surface)]"
                >
                  {waiting}
                </em>
              </>
            )}
          </span>
          {t(`common.nav.${name}`)}
          {name === 'conversations' && waiting > 0 && (
            <span className="sr-only">, {t('common.waitingCount', { count: waiting })}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}
