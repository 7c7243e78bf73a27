import { useEffect } from 'react';
import { pathTo } from '../canvas/levels.js';
import { useTexts } from '../i18n/useTexts.js';
import { toast } from '../ui/Toast.js';
import { useSessionOf, useUi } from './session.js';
import { nothingSelected } from './uiState.js';

/** Leads out of a sub-department that somebody took away, or an undo: to the nearest one around it that is there. */
export function useLevelThere(): void {
  const { store, ui } = useSessionOf();
  const { t } = useTexts();
  const level = useUi((state) => state.level);
  useEffect(() => {
    if (level === null) return undefined;
    const around = pathTo(store.getSnapshot().definition, level).map(({ id }) => id);
    const look = (): void => {
      if (store.getNode(level)) return;
      ui.setState({ ...nothingSelected, level: around.findLast((id) => store.getNode(id)) ?? null });
      toast(t('editor.canvas.levelGone'), { tone: 'no' });
    };
    look();
    return store.subscribeNodeIds(look);
  }, [level, store, ui, t]);
}
