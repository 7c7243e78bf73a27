import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Laptop, Smartphone } from 'lucide-react';
import { accountApi } from '../../api/accountApi.js';
import { explain } from '../../api/explain.js';
import { keys } from '../../api/keys.js';
import { formatAgo } from '../../i18n/format.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { Notice } from '../../ui/Notice.js';
import { Page } from '../../ui/Page.js';
import { Row, RowList } from '../../ui/RowList.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { toast } from '../../ui/Toast.js';
import { deviceOf } from './deviceOf.js';

/** Where one is signed in, and the way out of each. */
export function SessionsPage() {
  const { t, locale } = useTexts();
  const cache = useQueryClient();
  const sessions = useQuery({ queryKey: keys.sessions, queryFn: accountApi.sessions, select: ({ items }) => items });
  const end = useMutation({
    mutationFn: (id: string | null) => (id ? accountApi.endSession(id) : accountApi.endOtherSessions()),
    onSuccess: (_, id) => {
      toast(t(id ? 'account.sessionEnded' : 'account.sessionEndedAll'));
      return cache.invalidateQueries({ queryKey: keys.sessions });
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  const others = (sessions.data ?? []).some(({ current }) => !current);
  return (
    <Page title={t('account.sessions')} lead={t('account.sessionsLead')} back="/settings">
      {sessions.isError && <Notice tone="danger">{explain(sessions.error, t)}</Notice>}
      {sessions.isPending && <Skeleton className="h-[160px]" />}
      {sessions.data && (
        <RowList label={t('account.sessions')}>
          {sessions.data.map((session) => {
            const { browser, system, phone } = deviceOf(session.userAgent);
            const Icon = phone ? Smartphone : Laptop;
            return (
              <Row
                key={session.id}
                wrap
                lead={<Icon size={20} aria-hidden="true" className="text-ink-2" />}
                title={
                  browser && system ? t('account.on', { browser, system }) : (browser ?? t('account.sessionUnknown'))
                }
                line={t('account.sessionUsed', {
                  when: formatAgo(locale, session.lastUsedAt),
                  address: session.address,
                })}
                action={
                  session.current ? (
                    <Chip tone="ok">{t('account.sessionHere')}</Chip>
                  ) : (
                    <Button size="sm" onClick={() => end.mutate(session.id)}>
                      {t('account.sessionEnd')}
                    </Button>
                  )
                }
              />
            );
          })}
        </RowList>
      )}
      {others && (
        <Button className="mt-4" variant="danger" loading={end.isPending} onClick={() => end.mutate(null)}>
          {t('account.sessionEndAll')}
        </Button>
      )}
    </Page>
  );
}
