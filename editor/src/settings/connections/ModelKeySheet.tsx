import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { connectionsApi } from '../../api/connectionsApi.js';
import { explain } from '../../api/explain.js';
import { useTexts } from '../../i18n/useTexts.js';
import { Button } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { Sheet } from '../../ui/Sheet.js';
import { TextField } from '../../ui/TextField.js';
import { toast } from '../../ui/Toast.js';
import { useForm } from '../../ui/useForm.js';

const empty = { secret: '', baseUrl: '' };

interface ModelKeySheetProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onMade: () => Promise<void>;
}

/** The key of the organization's own account. */
export function ModelKeySheet({ open, onClose, onMade }: ModelKeySheetProps) {
  const { t } = useTexts();
  const formId = useId();
  const form = useForm({
    initial: empty,
    invalid: t('common.fields.invalid'),
    check: ({ secret }) => ({ ...(!secret.trim() && { secret: t('common.fields.required') }) }),
  });
  const make = useMutation({
    mutationFn: () => {
      const { secret, baseUrl } = form.values;
      const other = baseUrl.trim();
      return connectionsApi.make({ kind: 'openai', name: 'OpenAI', secret, ...(other && { baseUrl: other }) });
    },
    onSuccess: async () => {
      toast(t('connections.made'));
      close();
      await onMade();
    },
    onError: form.refused,
  });
  function close(): void {
    form.setAll(empty);
    make.reset();
    onClose();
  }
  return (
    <Sheet
      open={open}
      onOpenChange={(next) => !next && close()}
      title={`${t('connections.models.add')}: ${t('connections.kinds.openai')}`}
      description={t('connections.models.ownText')}
      actions={
        <>
          <Button className="flex-1" onClick={close}>
            {t('common.cancel')}
          </Button>
          <Button className="flex-1" variant="you" type="submit" form={formId} loading={make.isPending}>
            {t('connections.create')}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="grid gap-4 pt-1"
        onSubmit={(event) => form.submit(event, () => make.mutate())}
      >
        <TextField
          {...form.field('secret')}
          type="password"
          autoComplete="off"
          label={t('connections.secret')}
          help={t('connections.sealed')}
        />
        <TextField
          {...form.field('baseUrl')}
          label={t('connections.models.baseUrl')}
          note={t('connections.optional')}
          help={t('connections.models.baseUrlHelp')}
          inputMode="url"
          autoComplete="off"
        />
        {make.isError && <Notice tone="danger">{explain(make.error, t)}</Notice>}
      </form>
    </Sheet>
  );
}
