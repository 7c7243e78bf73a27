import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { HeroWall } from '../ui/HeroWall.js';
import { Logo } from '../ui/Logo.js';
import { useTitle } from '../ui/Page.js';
import { Preferences } from './Preferences.js';

/** A form on the wall: the door of the house. */
export function AuthFrame({
  title,
  lead,
  children,
  foot,
}: {
  title: string;
  lead?: string;
  children: ReactNode;
  foot: ReactNode;
}) {
  const { t } = useTexts();
  useTitle(title);
  return (
    <div className="relative isolate flex min-h-dvh flex-col overflow-hidden">
      <HeroWall className="absolute -top-10 -right-16 -z-10 hidden h-[1088px] w-[1024px] max-w-none desk:block" />
      <header className="flex items-center gap-3 px-4 pt-4 desk:px-16 desk:pt-5">
        <Link
          to="/"
          className="flex min-h-11 items-center gap-2.5 rounded-md font-display text-[1.1875rem] font-semibold tracking-[-.015em]"
        >
          <Logo size={32} />
          {t('common.product')}
        </Link>
        <span className="flex-1" />
        <Preferences />
      </header>
      <main className="flex flex-1 px-4 py-8 desk:items-center desk:px-16">
        <div className="w-full max-w-[440px] desk:rounded-[28px] desk:bg-surface desk:p-9 desk:shadow-3">
          <h1 className="text-2xl desk:text-[2rem] desk:leading-[2.2rem]">{title}</h1>
          {lead && <p className="mt-1.5 text-ink-2 desk:text-base">{lead}</p>}
          <div className="mt-6">{children}</div>
          <div className="mt-6 grid gap-4 border-t border-line pt-5 desk:text-base">{foot}</div>
        </div>
      </main>
    </div>
  );
}
