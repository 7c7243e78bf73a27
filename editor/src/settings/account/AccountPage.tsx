import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { accountApi } from '../../api/accountApi.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import type { AccountView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Card } from '../../ui/Card.js';
import { Chip } from '../../ui/Chip.js';
import { EmailAddress } from '../../ui/EmailAddress.js';
import { Notice } from '../../ui/Notice.js';
import { Page, SectionTitle } from '../../ui/Page.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { TextField } from '../../ui/TextField.js';
import { toast } from '../../ui/Toast.js';
import { looksLikeEmail, useForm } from '../../ui/useForm.js';
import { ConfirmSheet } from '../ConfirmSheet.js';
import { Factors } from './Factors.js';
import { PasswordForm } from './PasswordForm.js';

/** Who one is, and how one gets in. */
export function AccountPage() {
  const { t } = useTexts();
  const account = useQuery({ queryKey: keys.account, queryFn: accountApi.read });
  return (
    <Page title={t('account.profile')} lead={t('account.profileLead')} back="/settings">
      {account.isError && <Notice tone="danger">{explain(account.error, t)}</Notice>}
      {account.isPending && <Skeleton className="h-[420px]" />}
      {account.data && (
        <>
          <NameForm key={account.data.id} account={account.data} />
          <SectionTitle>{t('account.email')}</SectionTitle>
          <Email account={account.data} />
          <SectionTitle>{t('account.password')}</SectionTitle>
          <PasswordForm />
          <SectionTitle>{t('account.factors')}</SectionTitle>
          <Factors account={account.data} />
          <Leave />
        </>
      )}
    </Page>
  );
}

function NameForm({ account }: { account: AccountView }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const form = useForm({
    initial: { name: account.name },
    invalid: t('common.fields.invalid'),
    check: ({ name }) => ({ ...(!name.trim() && { name: t('common.fields.required') }) }),
  });
  const save = useMutation({
    mutationFn: () => accountApi.rename(form.values.name.trim()),
    onSuccess: (saved) => {
      cache.setQueryData(keys.account, saved);
      toast(t('common.saved'));
    },
    onError: form.refused,
  });
  return (
    <form noValidate onSubmit={(event) => form.submit(event, () => save.mutate())}>
      <Card>
        <TextField {...form.field('name')} label={t('account.name')} autoComplete="name" maxLength={120} />
        {save.isError && <Notice tone="danger">{explain(save.error, t)}</Notice>}
        <Button type="submit" loading={save.isPending} disabled={form.values.name === account.name}>
          {t('common.save')}
        </Button>
      </Card>
    </form>
  );
}

function Email({ account }: { account: AccountView }) {
  const { t } = useTexts();
  const [changing, setChanging] = useState(false);
  const [email, setEmail] = useState('');
  const resend = useMutation({
    mutationFn: accountApi.resendVerification,
    onSuccess: () => toast(t('account.emailSent')),
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  return (
    <Card>
      <div className="flex flex-wrap items-center gap-2">
        <span className="min-w-0 flex-1 font-semibold">
          <EmailAddress>{account.email}</EmailAddress>
        </span>
        {account.emailVerified && <Chip tone="ok">{t('account.emailOk')}</Chip>}
      </div>
      {!account.emailVerified && (
        <Notice>
          <p className="wrap-anywhere">{t('account.emailOpen', { email: account.email })}</p>
          <Button className="mt-2" size="sm" loading={resend.isPending} onClick={() => resend.mutate()}>
            {t('account.emailResend')}
          </Button>
        </Notice>
      )}
      <Button onClick={() => setChanging(true)}>{t('account.emailChange')}</Button>
      <ConfirmSheet
        open={changing}
        onClose={() => setChanging(false)}
        title={t('account.emailChange')}
        label={t('account.continue')}
        withPassword
        act={async (password) => {
          await accountApi.changeEmail({ email: email.trim(), password });
          setEmail('');
          toast(t('account.emailSent'));
        }}
      >
        <TextField
          name="email"
          type="email"
          inputMode="email"
          autoComplete="email"
          label={t('account.emailNew')}
          help={t('account.emailNewHelp')}
          error={email && !looksLikeEmail(email) ? t('common.fields.email') : undefined}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </ConfirmSheet>
    </Card>
  );
}

function Leave() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  return (
    <div className="mt-8">
      <Button variant="danger" onClick={() => setAsking(true)}>
        {t('account.remove')}
      </Button>
      <ConfirmSheet
        open={asking}
        onClose={() => setAsking(false)}
        title={t('account.remove')}
        text={t('account.removeText')}
        label={t('account.removeDo')}
        withPassword
        danger
        act={async (password) => {
          await accountApi.remove(password);
          await navigate({ to: '/' });
        }}
      />
    </div>
  );
}
