import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from './classes.js';

/** Names the tab of the browser after the page. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · AI Departments`;
  }, [title]);
}

interface PageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly back?: LinkProps['to'];
  /** At the right of the title. */
  readonly action?: ReactNode;
  readonly width?: 'narrow' | 'wide';
  readonly children: ReactNode;
}

/** An ordinary page: title, what it is, its content, with room for the tab bar below. */
export function Page({ title, lead, back, action, width = 'narrow', children }: PageProps) {
  useTitle(title);
  return (
    <div
      className={classes(
        'mx-auto w-full px-4 pt-4 pb-8 desk:px-8 desk:pt-9',
        width === 'narrow' ? 'max-w-[680px]' : 'max-w-[1080px]',
      )}
    >
      <header className="mb-4 desk:mb-6">
        {/* A word that does not fit beside the action sends it to a line of its own. */}
        <div className="flex flex-wrap items-center gap-2">
          <div className="flex min-w-min flex-1 items-center gap-2">
            {back && <BackLink to={back} />}
            <h1 className="min-w-min flex-1 text-2xl">{title}</h1>
          </div>
          {action && <div className="ml-auto flex-none">{action}</div>}
        </div>
        {lead && <p className="mt-0.5 text-ink-2 desk:text-base">{lead}</p>}
      </header>
      {children}
    </div>
  );
}

export function BackLink({ to }: { to: LinkProps['to'] }) {
  const { t } = useTranslation();
  return (
    <Link
      to={to}
      aria-label={t('common.back')}
      className="press -ml-2.5 grid size-11 flex-none place-items-center rounded-md text-ink-2 hover:bg-sunken desk:-mt-0.5 desk:size-9"
    >
      <ChevronLeft size={24} />
    </Link>
  );
}

/** A heading inside a page, with room for a count or an action. */
export function SectionTitle({ children, after }: { children: ReactNode; after?: ReactNode }) {
  return (
    <div className="mx-0.5 mt-4 mb-2 flex items-center gap-2 desk:mt-6">
      <h2 className="flex-1 text-[1.1875rem] leading-6">{children}</h2>
      {after}
    </div>
  );
}
