import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Copy, MessageCircle, Unplug } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { ChannelView } from '../api/types.js';
import { useDepartments } from '../app/useDepartments.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button, ButtonLink } from '../ui/Button.js';
import { IconButton } from '../ui/IconButton.js';
import { Notice } from '../ui/Notice.js';
import { Page, SectionTitle } from '../ui/Page.js';
import { Row, RowList } from '../ui/RowList.js';
import { Sheet } from '../ui/Sheet.js';
import { copyText } from '../ui/copyText.js';
import { toast } from '../ui/Toast.js';
import { WhatsAppForm } from './WhatsAppForm.js';

const steps = ['step1', 'step2', 'step3', 'step4', 'step5', 'step6', 'step7', 'step8', 'step9', 'step10'] as const;

/** Connecting a real number: ten steps at Meta, one form here. */
export function WhatsAppPage() {
  const { t } = useTexts();
  const departments = useDepartments();
  const channels = useQuery({ queryKey: keys.channels, queryFn: () => api.channels(), select: (page) => page.items });
  const numbers = channels.data?.filter(({ kind }) => kind === 'whatsapp') ?? [];
  const [leaving, setLeaving] = useState<ChannelView | null>(null);

  return (
    <Page title={t('settings.wa.title')} lead={t('settings.wa.lead')} back="/settings">
      {numbers.length > 0 && (
        <>
          <SectionTitle>{t('settings.wa.connected')}</SectionTitle>
          <RowList>
            {numbers.map((channel) => (
              <Row
                key={channel.id}
                lead={
                  <span className="grid size-[38px] flex-none place-items-center rounded-[10px_999px_999px_10px] bg-kind-channel-soft text-kind-channel">
                    <MessageCircle size={18} aria-hidden="true" />
                  </span>
                }
                title={channel.name}
                line={`${departments.data?.find(({ id }) => id === channel.departmentId)?.name ?? ''} · ${channel.phoneNumberId ?? ''}`}
                action={
                  <Button
                    size="sm"
                    variant="danger"
                    icon={<Unplug size={15} aria-hidden="true" />}
                    onClick={() => setLeaving(channel)}
                  >
                    {t('settings.wa.disconnect')}
                  </Button>
                }
              />
            ))}
          </RowList>
        </>
      )}
      <SectionTitle>{t('settings.wa.steps')}</SectionTitle>
      <ol className="hairline grid gap-2.5 rounded-lg bg-surface p-4 text-sm">
        {steps.map((step, index) => (
          <li key={step} className="grid grid-cols-[1.5rem_1fr] gap-1">
            <b className="num text-ink-3">{index + 1}</b>
            <span>
              {t(`settings.wa.${step}`)}
              {step === 'step7' && <CallbackUrl />}
            </span>
          </li>
        ))}
      </ol>
      <SectionTitle>{t('settings.wa.form')}</SectionTitle>
      {departments.data?.length === 0 && (
        <Notice
          action={
            <ButtonLink to="/hire" size="sm">
              {t('home.hire')}
            </ButtonLink>
          }
        >
          {t('settings.wa.noDepartment')}
        </Notice>
      )}
      {departments.data && departments.data.length > 0 && <WhatsAppForm departments={departments.data} />}
      <DisconnectSheet channel={leaving} onClose={() => setLeaving(null)} />
    </Page>
  );
}

function CallbackUrl() {
  const { t } = useTexts();
  const url = `${location.origin}/api/v1/webhooks/whatsapp`;
  return (
    <>
      <span className="mt-1.5 flex items-center gap-1 rounded-[9px] bg-wall py-0.5 pr-0.5 pl-2.5">
        <code className="min-w-0 flex-1 font-mono text-xs break-all">{url}</code>
        <IconButton
          label={`${t('settings.wa.copy')}: ${t('settings.wa.callback')}`}
          onClick={() => void copyText(url, t('settings.wa.copied'), t)}
        >
          <Copy size={16} />
        </IconButton>
      </span>
      {location.protocol !== 'https:' && (
        <span className="mt-1 block text-xs text-ink-3">{t('settings.wa.local')}</span>
      )}
    </>
  );
}

function DisconnectSheet({ channel, onClose }: { channel: ChannelView | null; onClose: () => void }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const disconnect = useMutation({
    mutationFn: (id: string) => api.disconnect(id),
    onSuccess: () => {
      toast(t('settings.wa.disconnected'));
      onClose();
      return cache.invalidateQueries({ queryKey: keys.channels });
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  return (
    <Sheet
      open={channel !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('settings.wa.disconnectTitle')}
      description={t('settings.wa.disconnectText')}
      actions={
        <>
          <Button className="flex-1" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            variant="dangerSolid"
            className="flex-1"
            loading={disconnect.isPending}
            onClick={() => channel && disconnect.mutate(channel.id)}
          >
            {t('settings.wa.disconnect')}
          </Button>
        </>
      }
    />
  );
}
