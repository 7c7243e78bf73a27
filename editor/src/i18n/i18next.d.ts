import 'i18next';
import type { Dictionary } from './dictionary.js';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: { app: Dictionary };
  }
}
