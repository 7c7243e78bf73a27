import { useTexts } from '../i18n/useTexts.js';
import { Bubble } from '../ui/Bubble.js';
import { Emblem } from '../ui/Emblem.js';
import { Piece } from '../ui/Piece.js';
import { SourceChip } from '../ui/SourceChip.js';
import { TurnCard } from '../ui/TurnCard.js';

/** A Sunday night, as an example: question, answer with its source, and the moment it calls you. */
export function Scene() {
  const { t } = useTexts();
  return (
    <figure
      aria-label={t('auth.landing.example')}
      className="grid w-full gap-2.5 text-[15px] leading-[22px] desk:mt-8 desk:w-[384px] desk:justify-self-end [&>div]:shadow-2"
    >
      <span className="num justify-self-start rounded-[9px] bg-ink px-[11px] py-2 text-[13px] leading-none font-semibold text-ink-inverse">
        {t('auth.landing.clock')}
      </span>
      <Bubble side="them">{t('auth.landing.ask')}</Bubble>
      <Bubble
        side="team"
        align="left"
        byline={
          <>
            <Piece team="atendimento" index={1} size={16} />
            {t('auth.landing.team')}
          </>
        }
      >
        {t('auth.landing.answer')}
        <br />
        <SourceChip title={t('auth.landing.source')} />
      </Bubble>
      <Bubble side="them">{t('auth.landing.ask2')}</Bubble>
      <div className="mt-2 rounded-xl">
        <TurnCard
          who={
            <>
              <Emblem team="atendimento" size={22} />
              {t('home.yourTurn')}
            </>
          }
          age={t('auth.landing.turnTime')}
          question={t('auth.landing.turn')}
          level="p"
        />
      </div>
    </figure>
  );
}
