import { Languages, Moon, Sun } from 'lucide-react';
import { changeLocale } from '../i18n/i18n.js';
import { useTexts } from '../i18n/useTexts.js';
import { IconButton } from '../ui/IconButton.js';
import { chooseTheme, useDark } from '../ui/theme.js';

/** Language and theme, before there is a settings page to go to. */
export function Preferences() {
  const { t, locale } = useTexts();
  const other = locale === 'pt-BR' ? 'en' : 'pt-BR';
  const dark = useDark();
  return (
    <div className="flex items-center">
      <button
        type="button"
        lang={other}
        onClick={() => void changeLocale(other)}
        className="press inline-flex min-h-11 items-center gap-1.5 rounded-md px-2.5 text-sm font-medium text-ink-2 hover:bg-sunken hover:text-ink desk:min-h-9"
      >
        <Languages size={17} aria-hidden="true" />
        {t(`common.languages.${other}`)}
      </button>
      <IconButton
        label={`${t('common.theme.label')}: ${t(dark ? 'common.theme.light' : 'common.theme.dark')}`}
        onClick={() => chooseTheme(dark ? 'light' : 'dark')}
      >
        {dark ? <Sun size={18} /> : <Moon size={18} />}
      </IconButton>
    </div>
  );
}
