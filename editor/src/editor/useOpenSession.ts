import { useEffect, useEffectEvent, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Locale } from '#nodes/sdk/text.js';
import { api, client } from '../api/api.js';
import { ApiError } from '../api/apiError.js';
import { personOf, useSession } from '../api/session.js';
import type { DepartmentView, PublicNode } from '../api/types.js';
import type { ConnectionStatus } from '../document/connection.js';
import { kindsOf } from '../document/kinds.js';
import { draftsAddress, takeEarlySocket } from '../document/earlySocket.js';
import { openDraft } from '../document/openDraft.js';
import { Checker } from '../problems/Checker.js';
import { LateWorker } from '../problems/LateWorker.js';
import { useKnown } from '../problems/useKnown.js';
import { toast } from '../ui/Toast.js';
import type { EditorSession } from './session.js';
import { createUiStore, placeIn, type UiState } from './uiState.js';
import { afterPaint } from './whenIdle.js';

type Open = Omit<EditorSession, 'readOnly' | 'department' | 'locale' | 'nodeTypes' | 'types' | 'kinds'>;

const waiting: ConnectionStatus = { state: 'connecting', saved: true, readOnly: false };
/** As often a draft is opened anew that reads otherwise here than at the server, without having read alike in between. */
const mostStrays = 3;
const never = (): (() => void) => () => undefined;

/** Opens a department's draft for as long as the page is there, while the rest is still being read; `null` until its first word has arrived. */
export function useOpenSession(
  departmentId: string,
  department: DepartmentView | undefined,
  nodeTypes: readonly PublicNode[] | undefined,
  locale: Locale,
): { readonly session: EditorSession | null; readonly status: ConnectionStatus } {
  const person = useSession(({ session }) => (session ? personOf(session) : undefined));
  const [open, setOpen] = useState<Open | null>(null);
  const [opening, setOpening] = useState(0);
  const strays = useRef(0);
  const { t } = useTranslation();
  const place = useRef<Partial<UiState>>({});
  const openAnew = useEffectEvent((at: Partial<UiState>): void => {
    strays.current += 1;
    place.current = at;
    toast(t('editor.astray'), { tone: 'no' });
    setOpening((before) => before + 1);
  });

  useEffect(() => {
    if (person === undefined) return;
    let closed = false;
    let end = (): void => undefined;
    const ui = createUiStore(place.current);
    place.current = {};
    let edited = (): boolean => false;
    const checker = new Checker(
      new LateWorker(() => new Worker(new URL('../problems/checker.worker.ts', import.meta.url), { type: 'module' })),
      (problems) =>
        ui.setState(({ checkedAt, dock }) => ({
          problems,
          checkedAt: Date.now(),
          // What is wrong when one comes in is shown; what one does wrong oneself is seen where it happens, also when one was quicker than the first check.
          ...(checkedAt === null &&
            !edited() &&
            problems.some(({ severity }) => severity === 'error') && { dock: dock ?? 'problems' }),
        })),
    );
    const opened = takeEarlySocket(person, departmentId).then((early) =>
      openDraft(departmentId, {
        address: draftsAddress(),
        token: () => client.freshToken(),
        whyRefused: () => whyRefused(departmentId),
        person,
        early,
        compared(alike) {
          if (alike) strays.current = 0;
          // What reads otherwise each time is read by another version of the app.
          return alike || strays.current >= mostStrays ? 'goOn' : 'end';
        },
      }),
    );
    void opened.then((draft) => {
      if (closed) return draft.close();
      const { store, presence, connection, history } = draft;
      edited = () => history.getState().canUndo;
      // Not before there is something: a draft that is still on its way would be found to lack everything.
      const check = (): void => {
        if (connection.getStatus().state !== 'connecting' || store.getNodeIds().length > 0)
          checker.check(store.getSnapshot().definition);
      };
      const stop = store.subscribe(check);
      const stopWaiting = connection.subscribe(() => {
        if (connection.getStatus().state === 'connecting') return;
        stopWaiting();
        check();
      });
      check();
      // What somebody took away, or an undo, is not selected any more.
      const stopNodes = store.subscribeNodeIds(() => {
        const { nodes } = ui.getState();
        const there = nodes.filter((id) => store.getNode(id));
        if (there.length !== nodes.length) ui.setState({ nodes: there });
      });
      const stopStraying = connection.subscribe(() => {
        if (connection.getStatus().state !== 'astray') return;
        const field = presence.mine().field ?? null;
        openAnew({ ...placeIn(ui.getState()), focusField: field && { ...field, nonce: Date.now() } });
      });
      const back = (): void => connection.retry();
      addEventListener('online', back);
      const shown = ui.subscribe(({ nodes, level }, before) => {
        if (nodes !== before.nodes) presence.show({ selection: [...nodes] });
        if (level !== before.level) presence.show({ level });
      });
      end = () => {
        removeEventListener('online', back);
        shown();
        stopNodes();
        stop();
        stopWaiting();
        stopStraying();
        draft.close();
      };
      setOpen({ departmentId, ...draft, ui, checker });
    });
    return () => {
      closed = true;
      setOpen(null);
      end();
      checker.close();
    };
  }, [departmentId, person, opening]);

  const status = useSyncExternalStore(
    open?.connection.subscribe ?? never,
    () => open?.connection.getStatus() ?? waiting,
  );
  const { readOnly } = status;
  const session = useMemo((): EditorSession | null => {
    if (!open || !nodeTypes || !department) return null;
    const types = new Map(nodeTypes.map((type) => [type.type, type]));
    return { ...open, department, nodeTypes, types, kinds: kindsOf(nodeTypes), locale, readOnly };
  }, [open, department, nodeTypes, locale, readOnly]);
  // What checks takes nothing from the server, and nothing from the processor, until the department is on the screen.
  const [painted, setPainted] = useState(false);
  const there = session !== null && (status.state !== 'connecting' || session.store.getNodeIds().length > 0);
  useEffect(() => (there && !painted ? afterPaint(() => setPainted(true)) : undefined), [there, painted]);
  const known = useKnown(painted);
  useEffect(() => {
    if (open && nodeTypes && painted) open.checker.start({ nodeTypes, locale, known });
  }, [open, nodeTypes, painted, locale, known]);
  return { session, status };
}

async function whyRefused(departmentId: string): Promise<'forbidden' | 'gone' | null> {
  try {
    await api.department(departmentId);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) return null;
    return error.status === 404 ? 'gone' : error.status === 403 ? 'forbidden' : null;
  }
}
