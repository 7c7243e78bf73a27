import { useNavigate } from '@tanstack/react-router';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { api } from '../api/api.js';
import { useSession } from '../api/session.js';
import { countUnsent, forgetUnsent } from '../document/forgetEdits.js';
import { forgetPins } from '../editor/pins.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Sheet } from '../ui/Sheet.js';

/** Signs out and leaves nothing of this person's work in this browser. What the server never got is lost by that, so it is said before. */
export function SignOut() {
  const { t } = useTexts();
  const navigate = useNavigate();
  const userId = useSession(({ session }) => session?.user.id);
  const [unsent, setUnsent] = useState(0);
  const leave = async (): Promise<void> => {
    forgetPins();
    // A browser that keeps nothing has nothing to erase.
    if (userId) await forgetUnsent(userId).catch(() => undefined);
    await api.signOut();
    await navigate({ to: '/' });
  };
  const ask = async (): Promise<void> => {
    const count = userId ? await countUnsent(userId).catch(() => 0) : 0;
    if (count > 0) setUnsent(count);
    else await leave();
  };
  return (
    <>
      <Button wide className="mt-6" icon={<LogOut size={16} aria-hidden="true" />} onClick={() => void ask()}>
        {t('settings.signOut')}
      </Button>
      <Sheet
        open={unsent > 0}
        onOpenChange={(open) => !open && setUnsent(0)}
        title={t('settings.unsent.title')}
        description={t('settings.unsent.text', { count: unsent })}
        actions={
          <>
            <Button wide onClick={() => setUnsent(0)}>
              {t('settings.unsent.stay')}
            </Button>
            <Button wide variant="danger" onClick={() => void leave()}>
              {t('settings.unsent.leave')}
            </Button>
          </>
        }
      />
    </>
  );
}
