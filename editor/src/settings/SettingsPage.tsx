import { useQuery } from '@tanstack/react-query';
import { Archive, KeySquare, Laptop, MessageCircle, Plug, ScrollText, UserRound, UsersRound } from 'lucide-react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { useManages } from '../app/useMayAct.js';
import { useOrganization } from '../app/useOrganization.js';
import { changeLocale } from '../i18n/i18n.js';
import { useTexts } from '../i18n/useTexts.js';
import { SignOut } from './SignOut.js';
import { Notice } from '../ui/Notice.js';
import { Page, SectionTitle } from '../ui/Page.js';
import { Segmented } from '../ui/Segmented.js';
import { Skeleton } from '../ui/Skeleton.js';
import { chooseTheme, useTheme } from '../ui/theme.js';
import { BusinessForm } from './BusinessForm.js';
import { Houses } from './Houses.js';
import { Places } from './Places.js';

/** The house, its channels, how things look, who you are. */
export function SettingsPage() {
  const { t } = useTexts();
  const { user, organization, sandbox } = useOrganization();
  const channels = useQuery({ queryKey: keys.channels, queryFn: () => api.channels(), select: (page) => page.items });
  const manages = useManages();
  const numbers = channels.data?.filter(({ kind }) => kind === 'whatsapp') ?? [];

  return (
    <Page title={t('settings.title')}>
      {sandbox && <Notice tone="sandbox">{t('common.sandboxWhy')}</Notice>}
      <SectionTitle>{t('settings.business')}</SectionTitle>
      {organization ? (
        <BusinessForm key={organization.id} organization={organization} mayChange={manages} />
      ) : (
        <Skeleton className="h-[320px]" />
      )}

      <SectionTitle>{t('settings.channels')}</SectionTitle>
      <Places
        places={[
          {
            to: '/settings/whatsapp',
            icon: <MessageCircle size={18} aria-hidden="true" />,
            title: t('settings.whatsapp'),
            line:
              numbers.length > 0
                ? t('settings.whatsappConnected', { names: numbers.map(({ name }) => name).join(', ') })
                : t('settings.whatsappNone'),
          },
        ]}
      />

      <SectionTitle>{t('settings.house')}</SectionTitle>
      <Places
        places={[
          {
            to: '/settings/people',
            icon: <UsersRound size={18} aria-hidden="true" />,
            title: t('people.title'),
            line: t('people.lead'),
          },
          {
            to: '/settings/retention',
            icon: <Archive size={18} aria-hidden="true" />,
            title: t('settings.retention.title'),
            line: t('settings.retention.lead'),
          },
          ...(manages
            ? ([
                {
                  to: '/settings/connections',
                  icon: <Plug size={18} aria-hidden="true" />,
                  title: t('connections.title'),
                  line: t('connections.lead'),
                },
                {
                  to: '/settings/api-keys',
                  icon: <KeySquare size={18} aria-hidden="true" />,
                  title: t('people.keys.title'),
                  line: t('people.keys.lead'),
                },
                {
                  to: '/settings/audit',
                  icon: <ScrollText size={18} aria-hidden="true" />,
                  title: t('people.audit.title'),
                  line: t('people.audit.lead'),
                },
              ] as const)
            : []),
        ]}
      />

      <SectionTitle>{t('settings.appearance')}</SectionTitle>
      <Appearance />

      <SectionTitle>{t('settings.account')}</SectionTitle>
      <Places
        places={[
          {
            to: '/settings/account',
            icon: <UserRound size={18} aria-hidden="true" />,
            title: user?.name ?? t('account.profile'),
            line: user?.email ?? '',
          },
          {
            to: '/settings/sessions',
            icon: <Laptop size={18} aria-hidden="true" />,
            title: t('account.sessions'),
            line: t('account.sessionsLead'),
          },
        ]}
      />
      <Houses />
      <SignOut />
    </Page>
  );
}

function Appearance() {
  const { t, locale } = useTexts();
  const choice = useTheme((state) => state.choice);
  return (
    <div className="hairline grid gap-4 rounded-lg bg-surface p-3.5 desk:grid-cols-2">
      <div>
        <p aria-hidden="true" className="mb-1.5 text-sm font-semibold desk:text-xs">
          {t('common.theme.label')}
        </p>
        <Segmented
          label={t('common.theme.label')}
          value={choice}
          onChange={chooseTheme}
          options={(['light', 'dark', 'system'] as const).map((value) => ({
            value,
            label: t(`common.theme.${value}`),
          }))}
        />
      </div>
      <div>
        <p aria-hidden="true" className="mb-1.5 text-sm font-semibold desk:text-xs">
          {t('common.language')}
        </p>
        <Segmented
          label={t('common.language')}
          value={locale}
          onChange={(value) => void changeLocale(value)}
          options={(['pt-BR', 'en'] as const).map((value) => ({ value, label: t(`common.languages.${value}`) }))}
        />
      </div>
    </div>
  );
}
