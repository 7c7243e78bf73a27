import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useSessionOf, useUi } from '../editor/session.js';

const StartFrom = lazy(async () => ({ default: (await import('../editor/StartFrom.js')).StartFrom }));

/** What stands where nothing is yet: how to begin. */
export function EmptyCanvas() {
  const { t } = useTranslation();
  const { readOnly } = useSessionOf();
  const level = useUi((state) => state.level);
  return (
    <div className="canvas-empty">
      <p>{t(readOnly ? 'editor.canvas.emptyReadOnly' : 'editor.canvas.empty')}</p>
      {!readOnly && level === null && (
        <Suspense fallback={null}>
          <StartFrom />
        </Suspense>
      )}
    </div>
  );
}
