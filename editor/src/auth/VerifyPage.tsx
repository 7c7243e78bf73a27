import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { accountApi } from '../api/accountApi.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { useTexts } from '../i18n/useTexts.js';
import { ButtonLink } from '../ui/Button.js';
import { LeafTrio } from '../ui/LeafTrio.js';
import { Notice } from '../ui/Notice.js';
import { AuthFrame } from './AuthFrame.js';
import { BackToSignIn } from './BackToSignIn.js';
import { hashToken } from './hashToken.js';

/** Where the mail about an address leads: opening it is enough. */
export function VerifyPage() {
  const { t } = useTexts();
  const cache = useQueryClient();
  const { mutate, ...verify } = useMutation({
    // One scope: a token is good once, and a page may be drawn twice.
    scope: { id: 'verify-email' },
    mutationFn: (token: string) => accountApi.verifyEmail(token),
    onSuccess: () => cache.invalidateQueries({ queryKey: keys.account }),
  });
  useEffect(() => {
    const token = hashToken();
    history.replaceState(history.state, '', location.pathname);
    if (token) mutate(token);
  }, [mutate]);
  return (
    <AuthFrame title={t('account.door.verifyTitle')} foot={<BackToSignIn />}>
      {verify.isPending && <LeafTrio />}
      {verify.isIdle && <Notice tone="danger">{t('account.door.badLink')}</Notice>}
      {verify.isError && <Notice tone="danger">{explain(verify.error, t)}</Notice>}
      {verify.isSuccess && (
        <div className="grid gap-4">
          <Notice>{t('account.door.verified')}</Notice>
          <ButtonLink to="/home" variant="you" size="lg" wide>
            {t('account.door.go')}
          </ButtonLink>
        </div>
      )}
    </AuthFrame>
  );
}
