import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ChevronRight, LogOut, MessageCircle } from 'lucide-react';
import { api } from '../api/api.js';
import { keys } from '../api/keys.js';
import { useOrganization } from '../app/useOrganization.js';
import { changeLocale } from '../i18n/i18n.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Face } from '../ui/Face.js';
import { Notice } from '../ui/Notice.js';
import { Page, SectionTitle } from '../ui/Page.js';
import { Segmented } from '../ui/Segmented.js';
import { Skeleton } from '../ui/Skeleton.js';
import { chooseTheme, useTheme } from '../ui/theme.js';
import { BusinessForm } from './BusinessForm.js';

/** The house, its channels, how things look, who you are. */
export function SettingsPage() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { user, organization, sandbox } = useOrganization();
  const channels = useQuery({ queryKey: keys.channels, queryFn: () => api.channels(), select: (page) => page.items });
  const numbers = channels.data?.filter(({ kind }) => kind === 'whatsapp') ?? [];

  return (
    <Page title={t('settings.title')}>
      {sandbox && <Notice tone="sandbox">{t('common.sandboxWhy')}</Notice>}
      <SectionTitle>{t('settings.business')}</SectionTitle>
      {organization ? (
        <BusinessForm key={organization.id} organization={organization} />
      ) : (
        <Skeleton className="h-[320px]" />
      )}

      <SectionTitle>{t('settings.channels')}</SectionTitle>
      <Link
        to="/settings/whatsapp"
        className="press hairline flex min-h-[62px] items-center gap-3 rounded-lg bg-surface px-3 py-2 hover:bg-raised"
      >
        <span className="grid size-[38px] flex-none place-items-center rounded-[10px_999px_999px_10px] bg-kind-channel-soft text-kind-channel">
          <MessageCircle size={18} aria-hidden="true" />
        </span>
        <span className="min-w-0 flex-1">
          <span className="block font-semibold">{t('settings.whatsapp')}</span>
          <span className="block truncate text-sm text-ink-2">
            {numbers.length > 0
              ? t('settings.whatsappConnected', { names: numbers.map(({ name }) => name).join(', ') })
              : t('settings.whatsappNone')}
          </span>
        </span>
        <ChevronRight size={18} aria-hidden="true" className="text-ink-3" />
      </Link>

      <SectionTitle>{t('settings.appearance')}</SectionTitle>
      <Appearance />

      <SectionTitle>{t('settings.account')}</SectionTitle>
      <div className="hairline flex items-center gap-3 rounded-lg bg-surface px-3 py-2.5">
        {user && <Face name={user.name} you size={40} />}
        <div className="min-w-0 flex-1">
          <p className="truncate font-semibold">{user?.name}</p>
          <p className="truncate text-sm text-ink-2">{user?.email}</p>
        </div>
        <Button
          icon={<LogOut size={16} aria-hidden="true" />}
          onClick={() => void api.signOut().then(() => navigate({ to: '/' }))}
        >
          {t('settings.signOut')}
        </Button>
      </div>
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
