import { Ban, Check, CircleAlert, Clock, Hourglass, LoaderCircle } from 'lucide-react';
import type { RunStatus } from '#engine/graph/statuses.js';
import { useTexts } from '../i18n/useTexts.js';
import { Chip, type ChipTone } from '../ui/Chip.js';

const looks: Record<RunStatus, { tone: ChipTone; Icon: typeof Check }> = {
  queued: { tone: 'idle', Icon: Clock },
  running: { tone: 'info', Icon: LoaderCircle },
  waiting: { tone: 'yousoft', Icon: Hourglass },
  succeeded: { tone: 'ok', Icon: Check },
  failed: { tone: 'danger', Icon: CircleAlert },
  canceled: { tone: 'idle', Icon: Ban },
};

export function RunStatusChip({ status }: { status: RunStatus }) {
  const { t } = useTexts();
  const { tone, Icon } = looks[status];
  return (
    <Chip tone={tone} icon={<Icon size={13} aria-hidden="true" />}>
      {t(`runs.status.${status}`)}
    </Chip>
  );
}
