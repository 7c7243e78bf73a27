import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Check, Hand, Wallet } from 'lucide-react';
import { RadioGroup } from 'radix-ui';
import { useState } from 'react';
import { api } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import { useDepartments } from '../app/useDepartments.js';
import { useOrganization } from '../app/useOrganization.js';
import { useTexts } from '../i18n/useTexts.js';
import { Badge } from '../ui/Badge.js';
import { Button } from '../ui/Button.js';
import { EmptyState } from '../ui/EmptyState.js';
import { Notice } from '../ui/Notice.js';
import { BackLink, useTitle } from '../ui/Page.js';
import { SkeletonRows } from '../ui/Skeleton.js';
import { Tick } from '../ui/Tick.js';
import { useHire } from './useHire.js';

/** Choosing who starts, as one hires people: a badge each, with what it does, when it calls you and what it costs. */
export function HirePage() {
  const { t, of } = useTexts();
  const { name } = useOrganization();
  const navigate = useNavigate();
  const templates = useQuery({
    queryKey: keys.templates,
    queryFn: api.templates,
    staleTime: Infinity,
    select: (page) => page.items,
  });
  const departments = useDepartments();
  const [picked, setPicked] = useState<string | null>(null);
  const { hiring, step } = useHire();
  useTitle(t('home.hire'));

  const items = templates.data ?? [];
  const hiredAs = (slug: string) => departments.data?.find(({ type }) => type === slug);
  const chosen = items.find(({ slug }) => slug === picked) ?? (items.length === 1 ? items[0] : undefined);

  const start = (): void => {
    if (!chosen) return;
    const hired = hiredAs(chosen.slug);
    if (hired?.published)
      void navigate({ to: '/departments/$departmentId/simulator', params: { departmentId: hired.id } });
    else hiring.mutate(chosen);
  };
  const problem = hiring.error instanceof ApiError ? hiring.error.problems[0] : undefined;

  return (
    <div className="flex min-h-full flex-col">
      <div className="mx-auto w-full max-w-[480px] flex-1 px-4 pt-3 pb-6 desk:max-w-[1080px] desk:px-8 desk:pt-9">
        <BackLink to="/home" />
        <h1 className="mx-0.5 mt-1 text-2xl leading-[31px] desk:mt-3 desk:text-[2.375rem] desk:leading-[2.6rem]">
          {t('hire.title', { organization: name })}
        </h1>
        <p className="mx-0.5 mt-1 mb-[13px] text-ink-2 desk:mb-6 desk:text-base">{t('hire.lead')}</p>
        {templates.isPending && <SkeletonRows rows={3} label={t('common.loading')} />}
        {templates.isError && (
          <Notice
            tone="danger"
            action={
              <Button size="sm" onClick={() => void templates.refetch()}>
                {t('common.retry')}
              </Button>
            }
          >
            {explain(templates.error, t)}
          </Notice>
        )}
        {templates.isSuccess && items.length === 0 && <EmptyState title={t('hire.empty')} text={t('hire.emptyText')} />}
        {items.length > 0 && (
          <RadioGroup.Root
            aria-label={t('hire.choose')}
            value={chosen?.slug ?? ''}
            onValueChange={setPicked}
            className="grid gap-2.5 desk:grid-cols-3 desk:gap-4"
          >
            {items.map((template) => (
              <RadioGroup.Item
                key={template.slug}
                value={template.slug}
                aria-label={`${of(template.title)}. ${of(template.summary)}`}
                className="press rounded-xl text-left"
              >
                <Badge
                  team={template.emblem}
                  color={template.color}
                  name={of(template.title)}
                  does={of(template.summary)}
                  selected={chosen?.slug === template.slug}
                  mark={<Tick on={chosen?.slug === template.slug} />}
                  facts={[
                    { icon: <Hand size={16} aria-hidden="true" />, text: of(template.callsYou) },
                    { icon: <Wallet size={16} aria-hidden="true" />, text: of(template.cost) },
                    ...(hiredAs(template.slug)
                      ? [{ icon: <Check size={16} aria-hidden="true" />, text: t('hire.hired') }]
                      : []),
                  ]}
                />
              </RadioGroup.Item>
            ))}
          </RadioGroup.Root>
        )}
        {hiring.isError && (
          <div className="mt-4">
            <Notice tone="danger">{problem ? t('hire.problems', { problem }) : explain(hiring.error, t)}</Notice>
          </div>
        )}
      </div>
      {items.length > 0 && (
        <div className="sticky bottom-0 border-t border-line bg-surface px-4 pt-3 pb-4 desk:py-4">
          <div className="mx-auto max-w-[480px] desk:flex desk:max-w-[1016px] desk:items-center desk:gap-6">
            <p role="status" className="mb-2.5 flex-1 text-sm text-ink-2 desk:mb-0 desk:text-base">
              {hiring.isPending
                ? t(`hire.steps.${step}`)
                : chosen
                  ? t('hire.chosen', { name: of(chosen.title) })
                  : t('hire.none')}
            </p>
            <Button
              variant="you"
              size="lg"
              disabled={!chosen}
              loading={hiring.isPending}
              onClick={start}
              className="w-full desk:w-auto"
            >
              {t('hire.submit')}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}
