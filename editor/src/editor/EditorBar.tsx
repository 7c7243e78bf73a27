import { CloudOff, GitPullRequestArrow, Lock, Play, Redo2, Square, Undo2 } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useOrganization } from '../app/useOrganization.js';
import type { CommandContext } from '../commands/command.js';
import { Keys } from '../commands/Keys.js';
import { useTexts } from '../i18n/useTexts.js';
import { DepartmentBar } from '../runs/DepartmentBar.js';
import { Button } from '../ui/Button.js';
import { classes } from '../ui/classes.js';
import { faceColor } from '../ui/cobogo.js';
import { Face } from '../ui/Face.js';
import { useConnection, usePeers, useSessionOf, useUi } from './session.js';
import type { DraftState } from './useDraftState.js';

interface EditorBarProps {
  readonly context: CommandContext;
  readonly draft: DraftState;
  readonly running: boolean;
}

/** Whose department, who is here, what is live and what is not yet, test, publish. */
export function EditorBar({ context, draft, running }: EditorBarProps) {
  const { t } = useTexts();
  const { department, ui, readOnly } = useSessionOf();
  const errors = useUi((state) => state.problems.filter(({ severity }) => severity === 'error').length);
  const checked = useUi((state) => state.checkedAt !== null);
  return (
    <DepartmentBar department={department} titled crowded>
      <span className="hidden desk:contents">
        <UndoButtons />
        <People />
      </span>
      <VersionBadge draft={draft} />
      <span className="hidden items-center gap-2.5 desk:flex">
        <Button
          size="sm"
          icon={running ? <Square size={13} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
          onClick={() => context.page.runDraft()}
        >
          {t(running ? 'editor.bar.stop' : 'editor.bar.test')}
          <span className="hidden min-[84rem]:contents">
            <Keys of="Mod+Enter" />
          </span>
        </Button>
        {!readOnly && (
          <Button
            size="sm"
            className="hidden desk:inline-flex"
            variant={errors > 0 || draft.state === 'equal' ? 'default' : 'you'}
            aria-disabled={errors > 0 || !checked || undefined}
            title={errors > 0 ? t('editor.dock.blocks', { count: errors }) : undefined}
            icon={errors > 0 ? <Lock size={14} aria-hidden="true" /> : undefined}
            onClick={() => ui.setState({ dialog: 'publish' })}
          >
            {t('editor.bar.publish', { version: draft.next })}
          </Button>
        )}
      </span>
    </DepartmentBar>
  );
}

/** Takes back and does again what this person did. */
export function UndoButtons() {
  const { t } = useTexts();
  const { history, readOnly } = useSessionOf();
  const { canUndo, canRedo } = useSyncExternalStore(history.subscribe, history.getState);
  if (readOnly) return null;
  return (
    <span className="flex flex-none">
      <button
        type="button"
        aria-label={t('editor.command.undo')}
        title={t('editor.bar.undoTitle')}
        disabled={!canUndo}
        className="bar-action press"
        onClick={() => history.undo()}
      >
        <Undo2 size={16} aria-hidden="true" />
      </button>
      <button
        type="button"
        aria-label={t('editor.command.redo')}
        title={t('editor.command.redo')}
        disabled={!canRedo}
        className="bar-action press"
        onClick={() => history.redo()}
      >
        <Redo2 size={16} aria-hidden="true" />
      </button>
    </span>
  );
}

/** Who is here. A face follows its person around. */
function People() {
  const { t } = useTexts();
  const { ui } = useSessionOf();
  const { user } = useOrganization();
  const following = useUi((state) => state.following);
  const peers = usePeers();
  const others = [...new Map(peers.map((peer) => [peer.user.id, peer])).values()].filter(
    (peer) => peer.user.id !== user?.id || peers.length > 0,
  );
  return (
    <div
      className="hidden flex-none items-center desk:flex"
      role="group"
      aria-label={t('editor.bar.people', {
        names: others.map((peer) => peer.user.name).join(', ') || t('editor.bar.onlyYou'),
      })}
    >
      {user && <Face name={user.name} you size={28} />}
      {others.slice(0, 5).map((peer) => (
        <button
          key={peer.clientId}
          type="button"
          aria-pressed={following === peer.clientId}
          aria-label={t('editor.bar.follow', { name: peer.user.name })}
          title={t('editor.bar.follow', { name: peer.user.name })}
          className="person-face press"
          style={{ ['--by' as string]: `var(--color-${faceColor(peer.user.id)})` }}
          onClick={() => ui.setState({ following: following === peer.clientId ? null : peer.clientId })}
        >
          {initials(peer.user.name)}
        </button>
      ))}
      {others.length > 5 && <span className="ml-1 text-xs text-ink-2">+{others.length - 5}</span>}
    </div>
  );
}

const initials = (name: string): string =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, 2)
    .map((word) => word[0]?.toUpperCase() ?? '')
    .join('');

/** What is live, and how far the draft is from it; whether everything is saved. */
function VersionBadge({ draft }: { draft: DraftState }) {
  const { t } = useTexts();
  const { department } = useSessionOf();
  const status = useConnection();
  const offline = status.state === 'offline' || status.state === 'connecting';
  // The less room there is, the less is said.
  const [said, short, number] = offline
    ? [t('editor.bar.offline'), t('editor.bar.offlineShort')]
    : !status.saved
      ? [t('editor.bar.saving')]
      : draft.state === 'equal'
        ? [t('editor.bar.equal')]
        : [
            t('editor.bar.ahead', { count: draft.changes }),
            t('editor.bar.aheadShort', { count: draft.changes }),
            draft.changes,
          ];
  return (
    <span className="version-badge" role="status">
      {department.published && (
        <span className="live flex-none">
          <i aria-hidden="true" />
          {t('editor.bar.live', { version: department.published.version })}
        </span>
      )}
      <span className={classes(offline && 'text-danger')} title={said}>
        {offline ? (
          <CloudOff size={14} className="flex-none" aria-hidden="true" />
        ) : (
          <GitPullRequestArrow size={14} className="flex-none" aria-hidden="true" />
        )}
        <span className={short === undefined ? 'max-[75rem]:sr-only' : 'max-[84rem]:sr-only'}>{said}</span>
        {short !== undefined && (
          <span aria-hidden="true" className="hidden min-[75rem]:max-[84rem]:block">
            {short}
          </span>
        )}
        {number !== undefined && (
          <span aria-hidden="true" className="num hidden max-[75rem]:block">
            {number}
          </span>
        )}
      </span>
    </span>
  );
}
