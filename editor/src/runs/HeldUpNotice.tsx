import { useEffect, useState } from 'react';
import type { RunView } from '../api/types.js';
import { useManages, useMayAct } from '../app/useMayAct.js';
import { useTexts } from '../i18n/useTexts.js';
import { ButtonLink } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { heldUpIn } from './heldUp.js';

/** What passes sooner needs no explanation, milliseconds. */
const WORTH_TELLING_MS = 1_500;

/** Why a run does not begin or go on, whether anybody has to do something, and the way there. */
export function HeldUpNotice({ run, team }: { run: RunView; team: string | null }) {
  const texts = useTexts();
  const { t } = texts;
  const held = heldUpIn(run, team, texts);
  const manages = useManages();
  const mayAct = useMayAct();
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasts(true), WORTH_TELLING_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!held || !run.heldUp) return null;
  const { reason, runId } = run.heldUp;
  if (!lasts && reason !== 'paused' && reason !== 'conversation') return null;
  return (
    <div className="mt-3 max-w-[70ch]">
      <Notice>
        <p>{held.sentence}</p>
        {mayAct && (reason === 'turn' || reason === 'paused') && <p className="mt-1">{t('runs.heldUp.stop')}</p>}
        {reason === 'paused' && !manages && <p className="mt-1">{t('runs.heldUp.whoResumes')}</p>}
        {reason === 'paused' && manages && (
          <ButtonLink to="/team" size="sm" className="mt-2.5">
            {t('runs.heldUp.toTeam')}
          </ButtonLink>
        )}
        {reason === 'conversation' && runId && (
          <ButtonLink
            to="/departments/$departmentId/runs/$runId"
            params={{ departmentId: run.departmentId, runId }}
            size="sm"
            className="mt-2.5"
          >
            {t('runs.heldUp.toOther')}
          </ButtonLink>
        )}
      </Notice>
    </div>
  );
}
