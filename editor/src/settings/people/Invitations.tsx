import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Mail, RotateCw, X } from 'lucide-react';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { peopleApi } from '../../api/peopleApi.js';
import { useTexts } from '../../i18n/useTexts.js';
import { EmailAddress } from '../../ui/EmailAddress.js';
import { IconButton } from '../../ui/IconButton.js';
import { SectionTitle } from '../../ui/Page.js';
import { Row, RowList } from '../../ui/RowList.js';
import { toast } from '../../ui/Toast.js';
import { useGrantText } from './useGrantText.js';

/** Who was asked and has not come yet. */
export function Invitations() {
  const { t, locale } = useTexts();
  const cache = useQueryClient();
  const grantText = useGrantText();
  const open = useQuery({ queryKey: keys.invitations, queryFn: peopleApi.invitations, select: ({ items }) => items });
  const act = useMutation({
    mutationFn: ({ id, again }: { id: string; email: string; again: boolean }) =>
      again ? peopleApi.resend(id) : peopleApi.withdraw(id),
    onSuccess: (_, { email, again }) => {
      toast(again ? t('people.invited', { email }) : t('people.inviteWithdrawn'));
      return cache.invalidateQueries({ queryKey: keys.invitations });
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  if (!open.data?.length) return null;
  return (
    <>
      <SectionTitle>{t('people.invitations')}</SectionTitle>
      <RowList label={t('people.invitations')}>
        {open.data.map(({ id, email, role, departments, expiresAt }) => (
          <Row
            key={id}
            lead={<Mail size={20} aria-hidden="true" className="text-ink-2" />}
            title={<EmailAddress>{email}</EmailAddress>}
            line={[
              t('people.inviteUntil', {
                role: t(`people.roles.${role}`),
                when: new Date(expiresAt).toLocaleDateString(locale),
              }),
              grantText(departments),
            ]
              .filter(Boolean)
              .join(' · ')}
            wrap
            action={
              <span className="flex flex-none gap-1">
                <IconButton
                  label={`${t('people.inviteAgain')}: ${email}`}
                  onClick={() => act.mutate({ id, email, again: true })}
                >
                  <RotateCw size={18} />
                </IconButton>
                <IconButton
                  label={`${t('people.inviteWithdraw')}: ${email}`}
                  onClick={() => act.mutate({ id, email, again: false })}
                >
                  <X size={18} />
                </IconButton>
              </span>
            }
          />
        ))}
      </RowList>
    </>
  );
}
