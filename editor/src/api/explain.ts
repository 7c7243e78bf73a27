import type { TFunction } from 'i18next';
import { ApiError } from './apiError.js';

/** What happened and what to do, in one or two sentences. */
export function explain(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('common.errors.unknown');
  const { status, code, message, retryAfterSeconds } = error;
  if (code === 'offline') return t('common.errors.offline');
  if (code === 'bad_credentials') return t('common.errors.invalid_credentials');
  if (code === 'email_taken') return t('common.errors.email_taken');
  if (isNamed(code)) return t(`common.errors.${code}`);
  if (code === 'phone_number_taken') return t('common.errors.phone_number_taken');
  switch (status) {
    case 400:
    case 415:
      return t('common.errors.bad_request');
    case 401:
      return t('common.errors.unauthorized');
    case 403:
      return t('common.errors.forbidden');
    case 404:
      return t('common.errors.not_found');
    case 409:
      // Why not, and what to do instead, the server says in the reader's language.
      return code === 'http_409' ? t('common.errors.conflict') : message;
    case 413:
      return t('common.errors.too_large');
    case 422:
      return t('common.errors.unprocessable');
    case 429:
      return retryAfterSeconds
        ? t('common.errors.rate_limited_seconds', { seconds: Math.ceil(retryAfterSeconds) })
        : t('common.errors.rate_limited');
    case 502:
    case 503:
    case 504:
      return t('common.errors.unavailable');
    default:
      return t('common.errors.unknown');
  }
}

/** Refusals that have a sentence of their own. */
const named = [
  'bad_token',
  'wrong_password',
  'wrong_code',
  'challenge_ended',
  'last_owner',
  'already_member',
  'other_account',
  'bad_passkey',
  'passkeys_unavailable',
  'step_missing',
  'step_not_reached',
  'trigger_missing',
] as const;
const isNamed = (code: string): code is (typeof named)[number] => (named as readonly string[]).includes(code);
