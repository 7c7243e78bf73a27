import { useId, useState } from 'react';
import { outputsOf } from '#engine/graph/ports.js';
import { useTexts } from '../i18n/useTexts.js';
import { KindTile } from '../palette/KindRow.js';
import { groupOrder } from '../palette/kinds.js';
import { Sheet } from '../ui/Sheet.js';
import { placesBehind, usualPlace, type PlaceBehind } from './addPlaces.js';
import { insertAfterSelection, insertBehind } from './insertNode.js';
import { titleOf, useSessionOf } from './session.js';
import { nothingSelected, type AddPlace } from './uiState.js';

/** Every kind of step, for a thumb; and where it goes, when there is more than one place for it. */
export function AddStepSheet({ adding }: { adding: AddPlace }) {
  const { t } = useTexts();
  const session = useSessionOf();
  const { ui } = session;
  const { after, port } = adding;
  const places = after === undefined ? [] : placesBehind(session, after, port);
  const [at, setAt] = useState(() => usualPlace(places));
  const place = places[at];
  const choose = (type: string): void => {
    ui.setState({ ...nothingSelected, ...(after !== undefined && { nodes: [after] }), adding: null });
    const isTrigger = session.types.get(type)?.kind === 'trigger';
    if (after !== undefined && place && !isTrigger) insertBehind(session, type, after, place);
    else insertAfterSelection(session, type);
  };
  return (
    <Sheet open onOpenChange={(open) => !open && ui.setState({ adding: null })} title={t('editor.steps.add')}>
      {after !== undefined && places.some(({ edge }) => edge) && (
        <WhereField after={after} places={places} at={at} onChange={setAt} />
      )}
      <KindList onChoose={choose} />
    </Sheet>
  );
}

interface WhereFieldProps {
  readonly after: string;
  readonly places: readonly PlaceBehind[];
  readonly at: number;
  readonly onChange: (at: number) => void;
}

function WhereField({ after, places, at, onChange }: WhereFieldProps) {
  const id = useId();
  const { t, of } = useTexts();
  const session = useSessionOf();
  const { store, types } = session;
  const node = store.getNode(after);
  const type = node && types.get(node.type);
  const outputs = node && type ? outputsOf(type, node.config, node.onError) : [];
  const several = new Set(places.map(({ port }) => port)).size > 1;
  const led = new Set(places.flatMap(({ port, edge }) => (edge ? [port] : [])));
  const said = ({ port, edge }: PlaceBehind): string => {
    const title = outputs.find(({ name }) => name === port)?.title;
    const way = title ? of(title) : port;
    const target = edge && store.getNode(edge.to.node);
    const where = target
      ? t('editor.steps.where.before', { step: titleOf(session, target) })
      : t(led.has(port) ? 'editor.steps.where.branch' : 'editor.steps.where.end');
    return several ? `${way}: ${where}` : where;
  };
  return (
    <div className="pb-3">
      <label htmlFor={id} className="mb-1 block text-xs font-semibold">
        {t('editor.steps.where.label')}
      </label>
      <select
        id={id}
        className="field-input select"
        value={at}
        onChange={({ target }) => onChange(Number(target.value))}
      >
        {places.map((place, index) => (
          <option key={`${place.port} ${place.edge?.id ?? ''}`} value={index}>
            {said(place)}
          </option>
        ))}
      </select>
    </div>
  );
}

function KindList({ onChoose }: { onChoose: (type: string) => void }) {
  const { t, of } = useTexts();
  const { nodeTypes, department } = useSessionOf();
  return (
    <div className="space-y-3">
      {groupOrder.map((group) => (
        <section key={group}>
          <h3 className="palette-group !px-0">{t(`editor.palette.group.${group}`)}</h3>
          <ul className="space-y-1.5">
            {nodeTypes
              .filter((type) => type.group === group)
              .map((type) => (
                <li key={type.type}>
                  <button type="button" className="step-card w-full" onClick={() => onChoose(type.type)}>
                    <KindTile type={type} team={department.type} size={34} />
                    <span className="min-w-0 flex-1">
                      <b className="block">{of(type.title)}</b>
                      <span className="line-clamp-2 text-sm text-ink-2">{of(type.summary)}</span>
                    </span>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
