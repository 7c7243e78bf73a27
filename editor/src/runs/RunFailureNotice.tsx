import { failureText } from '#engine/graph/failureTexts.js';
import type { RunView } from '../api/types.js';
import { formatList } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Notice } from '../ui/Notice.js';
import { failureOf } from './runFailure.js';
import { FailureDetail, FailureRecord, useFailureText } from './StepFailure.js';

interface RunFailureNoticeProps {
  readonly run: RunView;
  /** What a step at a path is called. */
  readonly titleOf: (path: string) => string;
}

/** Why a run failed: what happened and where, who must act, whether taking it up again helps, and what could not be undone. */
export function RunFailureNotice({ run, titleOf }: RunFailureNoticeProps) {
  const { t, locale } = useTexts();
  const said = useFailureText();
  const failure = failureOf(run);
  if (!failure) return null;
  const { code, actor, retryable, path, notUndone, undoing } = failure;
  const message = said(failure);
  return (
    <div className="mt-3 max-w-[70ch]">
      <Notice tone="danger">
        <p className="font-semibold break-words">
          {path === null
            ? t('runs.failure.stopped', { message })
            : t('runs.failure.stoppedAt', { message, title: titleOf(path) })}
        </p>
        <FailureDetail error={failure} said={message} />
        <p className="mt-1">
          {t(`simulator.step.actor.${actor}`)} {t(retryable ? 'runs.log.retryHelps' : 'runs.log.retryDoesNot')}
        </p>
        {notUndone.length > 0 && (
          <p className="mt-1">
            {t('runs.failure.notUndone', {
              count: notUndone.length,
              titles: formatList(locale, notUndone.map(titleOf)),
            })}
          </p>
        )}
        {undoing !== null && (
          <p className="mt-1">{t('runs.failure.undoing', { message: failureText(undoing, locale) ?? undoing })}</p>
        )}
        <FailureRecord code={code} {...(message !== failure.message && { message: failure.message })} />
      </Notice>
    </div>
  );
}
