import { Activity, History, WandSparkles } from 'lucide-react';
import { useTexts } from '../i18n/useTexts.js';
import { useSessionOf, useUi } from '../editor/session.js';

/** Beside the zoom: what real runs do on the drawing, and runs as they were. */
export function CanvasTools() {
  const { t } = useTexts();
  const { ui, department, readOnly } = useSessionOf();
  const describing = useUi((state) => state.side) === 'describe';
  const traffic = useUi((state) => state.traffic);
  return (
    <>
      <i className="dock-line" aria-hidden="true" />
      {department.published && (
        <button
          type="button"
          aria-pressed={traffic}
          aria-label={t('editor.command.traffic')}
          title={t('editor.command.traffic')}
          onClick={() => ui.setState({ traffic: !traffic })}
        >
          <Activity size={15} aria-hidden="true" />
        </button>
      )}
      {!readOnly && (
        <button
          type="button"
          aria-pressed={describing}
          aria-label={t('editor.command.describe')}
          title={t('editor.command.describe')}
          onClick={() => ui.setState({ side: describing ? 'step' : 'describe', proposal: null })}
        >
          <WandSparkles size={15} aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        aria-label={t('editor.command.pastRuns')}
        title={t('editor.command.pastRuns')}
        onClick={() => ui.setState({ past: 'newest' })}
      >
        <History size={15} aria-hidden="true" />
      </button>
    </>
  );
}
