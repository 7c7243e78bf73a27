import { Copy } from 'lucide-react';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Sheet.js';
import { copyText } from '../../ui/copyText.js';

/** The recovery codes, the only time that they are shown. */
export function CodesSheet({ codes, onClose }: { codes: readonly string[] | null; onClose: () => void }) {
  const { t } = useTexts();
  return (
    <Sheet
      open={codes !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('account.codes')}
      description={t('account.codesShown')}
      actions={
        <>
          <Button
            className="flex-1"
            icon={<Copy size={16} aria-hidden="true" />}
            onClick={() => void copyText((codes ?? []).join('\n'), t('settings.wa.copied'), t)}
          >
            {t('account.codesCopy')}
          </Button>
          <Button className="flex-1" variant="you" onClick={onClose}>
            {t('account.codesKept')}
          </Button>
        </>
      }
    >
      <ul className="grid grid-cols-2 gap-2 rounded-md bg-wall p-3 font-mono text-sm">
        {(codes ?? []).map((code) => (
          <li key={code} className="text-center">
            {code}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
