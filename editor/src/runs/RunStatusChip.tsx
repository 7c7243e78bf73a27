import { Ban, Check, CircleAlert, Clock, Hand, Hourglass, LoaderCircle } from 'lucide-react';
import type { RunStatus } from '#engine/graph/statuses.js';
import { useTexts } from '../i18n/useTexts.js';
import { Chip, type ChipTone } from '../ui/Chip.js';

const looks: Record<RunStatus, { tone: ChipTone; Icon: typeof Check }> = {
  queued: { tone: 'idle', Icon: Clock },
  running: { tone: 'info', Icon: LoaderCircle },
  waiting: { tone: 'idle', Icon: Hourglass },
  succeeded: { tone: 'ok', Icon: Check },
  failed: { tone: 'danger', Icon: CircleAlert },
  canceled: { tone: 'idle', Icon: Ban },
};

/** `yours`: it waits for somebody of the house, and not for a customer, an hour or another system. */
export function RunStatusChip({ status, yours = false }: { status: RunStatus; yours?: boolean }) {
  const { t } = useTexts();
  if (status === 'waiting' && yours)
    return (
      <Chip tone="you" icon={<Hand size={13} aria-hidden="true" />}>
        {t('runs.facts.you')}
      </Chip>
    );
  const { tone, Icon } = looks[status];
  return (
    <Chip tone={tone} icon={<Icon size={13} aria-hidden="true" />}>
      {t(`runs.status.${status}`)}
    </Chip>
  );
}
