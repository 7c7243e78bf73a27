import { Eye, EyeOff } from 'lucide-react';
import { useState, type InputHTMLAttributes } from 'react';
import { useTexts } from '../i18n/useTexts.js';
import { IconButton } from '../ui/IconButton.js';
import { TextField } from '../ui/TextField.js';

/** A password that one may look at while typing. */
export function PasswordField(
  props: { label?: string; error?: string | undefined; help?: string } & InputHTMLAttributes<HTMLInputElement>,
) {
  const { t } = useTexts();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      label={props.label ?? t('auth.fields.password')}
      type={shown ? 'text' : 'password'}
      end={
        <IconButton
          label={t(shown ? 'auth.fields.hidePassword' : 'auth.fields.showPassword')}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff size={18} /> : <Eye size={18} />}
        </IconButton>
      }
    />
  );
}
