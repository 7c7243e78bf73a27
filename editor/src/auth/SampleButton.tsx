import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { useTexts } from '../i18n/useTexts.js';
import { Button, type ButtonSize } from '../ui/Button.js';
import { toast } from '../ui/Toast.js';

/** Enters a bakery of one's own, already furnished, without an account. */
export function SampleButton({ size = 'md', wide = false }: { size?: ButtonSize; wide?: boolean }) {
  const { t, locale } = useTexts();
  const navigate = useNavigate();
  const sample = useMutation({
    mutationFn: () => api.sample(locale),
    onSuccess: () => navigate({ to: '/hire' }),
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  return (
    <Button
      size={size}
      wide={wide}
      icon={<Play size={18} aria-hidden="true" />}
      loading={sample.isPending}
      onClick={() => sample.mutate()}
    >
      {t('auth.landing.sample')}
    </Button>
  );
}
