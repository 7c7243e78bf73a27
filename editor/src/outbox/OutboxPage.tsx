import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import { useState } from 'react';
import { client } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import * as operations from '../api/generated/operations.js';
import { formatAgo } from '../i18n/format.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { Page } from '../ui/Page.js';
import { Row, RowList } from '../ui/RowList.js';
import { Sheet } from '../ui/Sheet.js';
import { TextField } from '../ui/TextField.js';

const keyInAddress = (): string => new URLSearchParams(location.hash.slice(1)).get('key') ?? '';

/** Mails of a server without a mail service, for whoever runs it: the key of the terminal opens them. */
export function OutboxPage() {
  const { t, locale } = useTexts();
  const [key, setKey] = useState(keyInAddress);
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState<string | null>(null);
  const options = { anonymous: true, headers: { 'x-operator-key': key } } as const;
  const mails = useQuery({
    queryKey: ['outbox', key],
    queryFn: () => client.call(operations.listOutbox, {}, options),
    enabled: key !== '',
    retry: false,
    refetchInterval: 5_000,
  });
  const mail = useQuery({
    queryKey: ['outbox', key, open],
    queryFn: () => client.call(operations.getOutboxMail, { path: { id: open ?? '' } }, options),
    enabled: open !== null,
  });
  const wrong = mails.error instanceof ApiError && mails.error.status === 401;
  return (
    <main className="min-h-dvh">
      <Page title={t('account.outbox.title')} lead={t('account.outbox.lead')}>
        {(key === '' || wrong) && (
          <form
            className="hairline grid gap-4 rounded-lg bg-surface p-3.5"
            onSubmit={(event) => {
              event.preventDefault();
              setKey(typed.trim());
            }}
          >
            <TextField
              name="key"
              label={t('account.outbox.key')}
              help={t('account.outbox.keyHelp')}
              error={wrong ? t('account.outbox.wrong') : undefined}
              value={typed}
              autoComplete="off"
              onChange={(event) => setTyped(event.target.value)}
            />
            <Button type="submit" variant="you" disabled={typed.trim() === ''}>
              {t('account.outbox.open')}
            </Button>
          </form>
        )}
        {mails.isError && !wrong && <Notice tone="danger">{explain(mails.error, t)}</Notice>}
        {mails.data?.items.length === 0 && <EmptyState title={t('account.outbox.none')} />}
        {mails.data && mails.data.items.length > 0 && (
          <RowList label={t('account.outbox.title')}>
            {mails.data.items.map(({ id, subject, to, createdAt }) => (
              <Row
                key={id}
                lead={<Mail size={20} aria-hidden="true" className="text-ink-2" />}
                title={subject}
                line={t('account.outbox.to', { to, when: formatAgo(locale, createdAt) })}
                action={
                  <Button size="sm" aria-label={`${t('account.outbox.open')}: ${subject}`} onClick={() => setOpen(id)}>
                    {t('account.outbox.open')}
                  </Button>
                }
              />
            ))}
          </RowList>
        )}
        <Sheet
          open={open !== null}
          onOpenChange={(next) => !next && setOpen(null)}
          title={mail.data?.subject ?? t('account.outbox.title')}
        >
          {mail.data && (
            <div className="grid gap-3 pt-1 text-sm break-words whitespace-pre-wrap">
              <WithLinks text={mail.data.text} />
            </div>
          )}
        </Sheet>
      </Page>
    </main>
  );
}

/** The text of a mail, its addresses as links. */
function WithLinks({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/\S+)/);
  return (
    <p>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <a key={part} href={part} className="font-semibold break-all underline underline-offset-4">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}
