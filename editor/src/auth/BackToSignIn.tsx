import { Link } from '@tanstack/react-router';
import { useTexts } from '../i18n/useTexts.js';

export function BackToSignIn() {
  const { t } = useTexts();
  return (
    <Link
      to="/entrar"
      className="-my-2 inline-flex min-h-11 items-center font-semibold text-ink underline underline-offset-4"
    >
      {t('account.door.back')}
    </Link>
  );
}
