import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button, ButtonLink } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';

/** A page that could not be shown: its code did not load, or it failed. */
export function PageFailure() {
  const { t } = useTranslation();
  return (
    <EmptyState
      level="h1"
      title={t('common.errors.page')}
      text={t('common.errors.pageWhat')}
      action={
        <Button icon={<RotateCcw size={17} aria-hidden="true" />} onClick={() => location.reload()}>
          {t('common.errors.reload')}
        </Button>
      }
    />
  );
}

/** An address that leads nowhere. */
export function MissingPage() {
  const { t } = useTranslation();
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        level="h1"
        title={t('common.errors.missing')}
        text={t('common.errors.missingWhat')}
        action={<ButtonLink to="/">{t('common.errors.goHome')}</ButtonLink>}
      />
    </main>
  );
}
