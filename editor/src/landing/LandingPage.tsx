import { Check } from 'lucide-react';
import { useTexts } from '../i18n/useTexts.js';
import { Preferences } from '../auth/Preferences.js';
import { SampleButton } from '../auth/SampleButton.js';
import { ButtonLink } from '../ui/Button.js';
import { Emblem } from '../ui/Emblem.js';
import { HeroWall } from '../ui/HeroWall.js';
import { Logo } from '../ui/Logo.js';
import { useTitle } from '../ui/Page.js';
import { Scene } from './Scene.js';

/** The door: what it is, how it feels, and three ways in. */
export function LandingPage() {
  const { t } = useTexts();
  useTitle(`${t('auth.landing.title')} ${t('auth.landing.title2')}`);
  return (
    <main className="overflow-x-hidden text-lg">
      <section className="relative isolate flex flex-col overflow-hidden pb-11 desk:min-h-[min(900px,100dvh)] desk:pb-10">
        <HeroWall className="absolute -right-[60px] -bottom-16 -z-10 w-[470px] desk:-top-[46px] desk:-right-[70px] desk:bottom-auto desk:h-[1088px] desk:w-[1024px] desk:max-w-none" />
        <header className="flex items-center gap-1 px-4 pt-3.5 desk:gap-4 desk:px-16 desk:pt-5">
          <span className="flex items-center gap-2.5 font-display text-[1.1875rem] leading-none font-semibold tracking-[-.015em] whitespace-nowrap">
            <Logo size={32} />
            <span className="max-[420px]:sr-only">{t('common.product')}</span>
          </span>
          <span className="flex-1" />
          <Preferences />
          <ButtonLink to="/entrar" className="text-[15px]">
            {t('auth.landing.signIn')}
          </ButtonLink>
        </header>
        <div className="grid flex-1 grid-cols-1 gap-9 px-[18px] pt-6 desk:grid-cols-[minmax(0,720px)_1fr] desk:items-center desk:gap-6 desk:px-16 desk:pt-0">
          <div>
            <h1 className="text-[min(2.45rem,10.1vw)] leading-[1.04] font-bold tracking-[-.035em] desk:text-[clamp(3.4rem,5.6vw,5rem)] desk:leading-[.96]">
              <span className="block max-w-[13ch] text-wrap">{t('auth.landing.title')}</span> {t('auth.landing.title2')}
            </h1>
            <p className="mt-4 mb-5 max-w-[36ch] text-[1.0625rem] leading-[1.6rem] text-ink-2 desk:mt-6 desk:mb-[30px] desk:text-[1.3125rem] desk:leading-[1.9rem]">
              {t('auth.landing.lead')}
            </p>
            <div className="grid grid-cols-1 gap-3 desk:flex desk:flex-wrap">
              <ButtonLink to="/criar-conta" variant="you" size="lg">
                {t('auth.landing.create')}
              </ButtonLink>
              <SampleButton size="lg" />
            </div>
            <p className="mt-[18px] flex flex-wrap gap-x-5 gap-y-2 text-[15px] leading-[21px] text-ink-2">
              {[t('auth.landing.noCard'), t('auth.landing.before')].map((text) => (
                <span key={text} className="flex items-center gap-1.5">
                  <Check size={17} aria-hidden="true" />
                  {text}
                </span>
              ))}
            </p>
          </div>
          <Scene />
        </div>
      </section>
      <section className="border-t border-line bg-surface px-[18px] py-[60px] desk:px-16 desk:py-[104px]">
        <h2 className="max-w-[17ch] text-[2.25rem] leading-[2.35rem] tracking-[-.03em] desk:text-[3.25rem] desk:leading-[3.4rem]">
          {t('auth.landing.teachTitle')}
        </h2>
        <p className="mt-4 max-w-[46ch] text-[1.0625rem] leading-[1.6rem] text-ink-2 desk:text-[1.1875rem] desk:leading-[1.75rem]">
          {t('auth.landing.teach')}
        </p>
        <div className="mt-8 grid gap-5 desk:mt-[52px] desk:grid-cols-3">
          {(['source', 'calls', 'open'] as const).map((point) => (
            <article key={point} className="rounded-[28px] bg-wall p-7">
              <Emblem
                team="atendimento"
                size={56}
                state={point === 'calls' ? 'you' : point === 'open' ? 'on' : 'idle'}
              />
              <h3 className="mt-5 mb-1.5 text-[1.5rem] leading-[1.75rem]">{t(`auth.landing.points.${point}.title`)}</h3>
              <p className="text-ink-2">{t(`auth.landing.points.${point}.text`)}</p>
            </article>
          ))}
        </div>
      </section>
      <section className="grid gap-[18px] bg-sol px-[18px] py-14 text-sol-ink desk:grid-cols-2 desk:items-center desk:gap-16 desk:px-16 desk:py-[84px]">
        <h2 className="text-[3rem] leading-[3rem] font-bold tracking-[-.035em] desk:text-[4.5rem] desk:leading-[4.4rem]">
          {t('auth.landing.yellow')}
        </h2>
        <p className="max-w-[40ch] text-[1.0625rem] leading-[1.6rem] desk:text-[1.1875rem] desk:leading-[1.8rem]">
          {t('auth.landing.yellowText')}
        </p>
      </section>
    </main>
  );
}
