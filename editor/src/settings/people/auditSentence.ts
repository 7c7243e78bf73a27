import type { TFunction } from 'i18next';
import type { AuditEntryView } from '../../api/types.js';
import { ptBR } from '../../i18n/pt-BR/index.js';

type Flat<Tree> = { [Resource in keyof Tree & string]: `${Resource}.${keyof Tree[Resource] & string}` }[keyof Tree &
  string];
type Told = Flat<typeof ptBR.people.audit.did>;

const told = new Set(
  Object.entries(ptBR.people.audit.did).flatMap(([resource, verbs]) =>
    Object.keys(verbs).map((verb) => `${resource}.${verb}`),
  ),
);
const isTold = (action: string): action is Told => told.has(action);

/** Every action that has words, with them, in the order of the alphabet. */
export const toldActions = (t: TFunction, locale: string): { value: Told; label: string }[] =>
  [...told]
    .filter(isTold)
    .map((value) => ({ value, label: t(`people.audit.did.${value}`, { name: '…' }) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, locale));

/** What was done, in words; an action that has none yet is named as the log names it. */
export const sentenceOf = ({ action, target }: AuditEntryView, t: TFunction): string =>
  isTold(action) ? t(`people.audit.did.${action}`, { name: target?.name || '…' }) : action;
