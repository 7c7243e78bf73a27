import { failureDetail } from '#engine/graph/failureDetails.js';
import { failureText } from '#engine/graph/failureTexts.js';
import type { StepBrief } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';

type StepError = NonNullable<StepBrief['error']>;

/** What an error comes to in the reader's language: what happened and what to do. A code that nobody knows keeps the words it was written with. */
export function useFailureText(): (error: Pick<StepError, 'code' | 'message'>) => string {
  const { locale } = useTexts();
  return ({ code, message }) => failureText(code, locale) ?? message;
}

/** Why a step failed: what happened, who must act, whether a retry helps, and the words that are on record. */
export function StepFailure({ error, live = false }: { error: StepError; live?: boolean }) {
  const { t } = useTexts();
  const said = useFailureText()(error);
  return (
    <div
      {...(live && { role: 'alert' })}
      className="rounded-md bg-danger-soft px-3 py-2 text-sm break-words text-danger"
    >
      <p>{said}</p>
      <FailureDetail error={error} said={said} />
      <p className="mt-1">
        {t(`simulator.step.actor.${error.actor}`)}{' '}
        {t(error.retryable ? 'runs.log.retryHelps' : 'runs.log.retryDoesNot')}
      </p>
      <FailureRecord code={error.code} {...(said !== error.message && { message: error.message })} />
    </div>
  );
}

/** Which field, which limit: what the record of a failure says besides its code, where its words are known. */
export function FailureDetail({ error, said }: { error: Parameters<typeof failureDetail>[0]; said: string }) {
  const { locale } = useTexts();
  const detail = failureDetail(error, locale);
  return detail === null || detail === said ? null : <p className="mt-1 break-words">{detail}</p>;
}

/** The code of an error, and what was written down about it when it happened: for whoever looks into it. */
export function FailureRecord({ code, message }: { code: string; message?: string | undefined }) {
  const { t } = useTexts();
  if (message === undefined) return code ? <p className="mt-1 font-mono text-xs">{code}</p> : null;
  return (
    <details className="mt-1 text-xs">
      <summary className="min-h-6 cursor-pointer">{t('runs.failure.record')}</summary>
      <p className="mt-1 font-mono break-words">{[code, message].filter(Boolean).join(': ')}</p>
    </details>
  );
}
