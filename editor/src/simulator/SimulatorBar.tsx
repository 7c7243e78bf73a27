import { RotateCcw } from 'lucide-react';
import type { DepartmentView } from '../api/types.js';
import { useTexts } from '../i18n/useTexts.js';
import { DepartmentBar } from '../runs/DepartmentBar.js';
import { Button } from '../ui/Button.js';
import { Chip } from '../ui/Chip.js';

/** Whose department this is, which version answers, and beginning anew. */
export function SimulatorBar({ department, onRestart }: { department: DepartmentView | null; onRestart: () => void }) {
  const { t } = useTexts();
  return (
    <DepartmentBar department={department} titled>
      {department?.published && (
        <span className="hidden desk:block">
          <Chip tone="line" tall>
            {t('simulator.live', { version: department.published.version })}
          </Chip>
        </span>
      )}
      <Button
        size="sm"
        className="min-h-11 min-w-11 desk:min-h-8"
        icon={<RotateCcw size={15} aria-hidden="true" />}
        onClick={onRestart}
        aria-label={t('simulator.restart')}
      >
        <span className="hidden desk:inline">{t('simulator.restart')}</span>
      </Button>
    </DepartmentBar>
  );
}
