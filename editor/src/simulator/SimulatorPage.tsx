import { useTranslation } from 'react-i18next';
import { Page } from '../ui/Page.js';

export function SimulatorPage() {
  const { t } = useTranslation();
  return <Page title={t('simulator.title')}>{null}</Page>;
}
