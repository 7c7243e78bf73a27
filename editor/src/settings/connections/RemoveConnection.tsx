import { useQueryClient } from '@tanstack/react-query';
import { connectionsApi } from '../../api/connectionsApi.js';
import { keys } from '../../api/keys.js';
import type { ConnectionView } from '../../api/types.js';
import { useTexts } from '../../i18n/useTexts.js';
import { toast } from '../../ui/Toast.js';
import { ConfirmSheet } from '../ConfirmSheet.js';

/** Asks once more, and names the departments that work with it right now. */
export function RemoveConnection({ connection, onClose }: { connection: ConnectionView | null; onClose: () => void }) {
  const { t } = useTexts();
  const cache = useQueryClient();
  const live = connection?.usedBy.filter((each) => each.live).map(({ name }) => name) ?? [];
  return (
    <ConfirmSheet
      open={connection !== null}
      onClose={onClose}
      title={t('connections.removeTitle', { name: connection?.name ?? '' })}
      text={[live.length > 0 && t('connections.removeLive', { names: live.join(', ') }), t('connections.removeText')]
        .filter(Boolean)
        .join(' ')}
      label={t('connections.remove')}
      danger
      act={async () => {
        if (connection) await connectionsApi.remove(connection.id);
        toast(t('connections.removed'));
        await cache.invalidateQueries({ queryKey: keys.connections });
      }}
    />
  );
}
