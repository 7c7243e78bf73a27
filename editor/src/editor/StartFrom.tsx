import { useMutation, useQuery } from '@tanstack/react-query';
import { writeDefinition } from '#engine/graph/document/write.js';
import { api } from '../api/api.js';
import { explain } from '../api/explain.js';
import { keys } from '../api/keys.js';
import type { TemplateView } from '../api/types.js';
import { LocalEdit } from '../document/localEdit.js';
import { useTexts } from '../i18n/useTexts.js';
import { Emblem } from '../ui/Emblem.js';
import { toast } from '../ui/Toast.js';
import { useSessionOf } from './session.js';
import { show } from './uiState.js';

/** On an empty canvas: teams to begin with. One that is taken comes into the draft as one step to undo. */
export function StartFrom() {
  const { t, of } = useTexts();
  const { doc, history, ui, store } = useSessionOf();
  const templates = useQuery({
    queryKey: keys.templates,
    queryFn: api.templates,
    staleTime: Infinity,
    select: (page) => page.items,
  });
  const take = useMutation({
    mutationFn: ({ slug }: TemplateView) => api.template(slug),
    onSuccess: ({ definition }) => {
      // Somebody may have begun meanwhile: theirs stays.
      if (store.getNodeIds().length > 0) return;
      history.begin();
      writeDefinition(doc, definition, new LocalEdit());
      history.end();
      show(ui, [], null);
    },
    onError: (error) => toast(explain(error, t), { tone: 'error' }),
  });
  const items = templates.data ?? [];
  if (items.length === 0) return null;
  return (
    <section aria-label={t('inPlace.start.label')} className="start-from">
      <h2 className="text-base">{t('inPlace.start.label')}</h2>
      <ul className="grid gap-2">
        {items.map((template) => (
          <li key={template.slug}>
            <button
              type="button"
              disabled={take.isPending}
              className="start-card press"
              data-template={template.slug}
              onClick={() => take.mutate(template)}
            >
              <Emblem team={template.slug} size={34} />
              <span className="min-w-0 flex-1 text-left">
                <b className="block">{of(template.title)}</b>
                <span className="block text-sm text-ink-2">{of(template.summary)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
