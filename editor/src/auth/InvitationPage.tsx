import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { accountApi } from '../api/accountApi.js';
import { explain } from '../api/explain.js';
import { useSession } from '../api/session.js';
import type { InvitationLook } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { Skeleton } from '../ui/Skeleton.js';
import { TextField } from '../ui/TextField.js';
import { useForm } from '../ui/useForm.js';
import { AuthFrame } from './AuthFrame.js';
import { BackToSignIn } from './BackToSignIn.js';
import { hashToken } from './hashToken.js';
import { PasswordField } from './PasswordField.js';

/** Where an invitation leads: a new account, or the one that is signed in. */
export function InvitationPage() {
  const { t } = useTexts();
  const [token] = useState(hashToken);
  const signedIn = useSession((state) => state.session !== null);
  const look = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => accountApi.lookAtInvitation(token),
    enabled: token !== '',
    retry: false,
    staleTime: Infinity,
  });
  const title = t('account.door.inviteTitle', { name: look.data?.organizationName ?? '…' });
  return (
    <AuthFrame
      title={title}
      {...(look.data && {
        lead: t('account.door.inviteLead', { role: t(`people.roles.${look.data.role}`), email: look.data.email }),
      })}
      foot={<BackToSignIn />}
    >
      {token === '' && <Notice tone="danger">{t('account.door.badLink')}</Notice>}
      {look.isError && <Notice tone="danger">{explain(look.error, t)}</Notice>}
      {token !== '' && look.isPending && <Skeleton className="h-[160px]" />}
      {look.data && !look.data.hasAccount && <Join token={token} />}
      {look.data?.hasAccount && (signedIn ? <Accept token={token} /> : <SignInFirst look={look.data} />)}
    </AuthFrame>
  );
}

function SignInFirst({ look }: { look: InvitationLook }) {
  const { t } = useTexts();
  return <Notice>{t('account.door.inviteSignIn', { email: look.email })}</Notice>;
}

function Accept({ token }: { token: string }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => accountApi.acceptInvitation(token),
    onSuccess: () => navigate({ to: '/home' }),
  });
  return (
    <div className="grid gap-4">
      {accept.isError && <Notice tone="danger">{explain(accept.error, t)}</Notice>}
      <Button variant="you" size="lg" wide loading={accept.isPending} onClick={() => accept.mutate()}>
        {t('account.door.inviteAccept')}
      </Button>
    </div>
  );
}

function Join({ token }: { token: string }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const form = useForm({
    initial: { name: '', password: '' },
    invalid: t('common.fields.invalid'),
    refusals: { guessable_password: t('common.fields.guessable') },
    check: ({ name, password }) => ({
      ...(!name.trim() && { name: t('common.fields.required') }),
      ...(password.length < 8 && { password: t('common.fields.password') }),
    }),
  });
  const join = useMutation({
    mutationFn: () => accountApi.join({ token, name: form.values.name.trim(), password: form.values.password }),
    onSuccess: () => navigate({ to: '/home' }),
    onError: form.refused,
  });
  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => form.submit(event, () => join.mutate())}>
      <TextField {...form.field('name')} label={t('auth.fields.name')} autoComplete="name" maxLength={120} autoFocus />
      <PasswordField
        {...form.field('password')}
        help={t('auth.fields.passwordHelp')}
        autoComplete="new-password"
        maxLength={200}
      />
      {join.isError && <Notice tone="danger">{explain(join.error, t)}</Notice>}
      <Button type="submit" variant="you" size="lg" wide loading={join.isPending}>
        {t('account.door.inviteJoin')}
      </Button>
    </form>
  );
}
