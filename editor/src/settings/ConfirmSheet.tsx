import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { explain } from '../api/explain.js';
import { PasswordField } from '../auth/PasswordField.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button } from '../ui/Button.js';
import { Notice } from '../ui/Notice.js';
import { Sheet } from '../ui/Sheet.js';

interface ConfirmSheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly text?: string;
  readonly label: string;
  /** Asks for the password too: an open session is not yet the person. */
  readonly withPassword?: boolean;
  readonly danger?: boolean;
  /** Whether there is all it takes to do it. */
  readonly ready?: boolean;
  readonly children?: ReactNode;
  /** What is done; the sheet closes when it succeeds. */
  readonly act: (password: string) => Promise<unknown>;
}

/** Asks once more before something that is not taken back. */
export function ConfirmSheet(props: ConfirmSheetProps) {
  const {
    open,
    onClose,
    title,
    text,
    label,
    withPassword = false,
    danger = false,
    ready = true,
    children,
    act,
  } = props;
  const { t } = useTexts();
  const [password, setPassword] = useState('');
  const complete = ready && (!withPassword || password !== '');
  const doing = useMutation({ mutationFn: () => act(password), onSuccess: close });
  function close(): void {
    setPassword('');
    doing.reset();
    onClose();
  }
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && close()}
      title={title}
      {...(text && { description: text })}
      actions={
        <>
          <Button className="flex-1" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button
            className="flex-1"
            variant={danger ? 'dangerSolid' : 'you'}
            loading={doing.isPending}
            disabled={!complete}
            onClick={() => doing.mutate()}
          >
            {label}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-4 pt-1"
        onSubmit={(event) => {
          event.preventDefault();
          if (complete) doing.mutate();
        }}
      >
        {children}
        {withPassword && (
          <PasswordField
            name="password"
            label={t('account.confirm')}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="current-password"
            maxLength={200}
          />
        )}
        {doing.isError && <Notice tone="danger">{explain(doing.error, t)}</Notice>}
      </form>
    </Sheet>
  );
}
