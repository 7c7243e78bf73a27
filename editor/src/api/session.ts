import { create } from 'zustand';
import type { Session } from './types.js';

const key = 'session';

/** Where the tokens live between visits. `localStorage` in the browser; a `Map` in tests. */
export interface SessionStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** The session of this browser, shared by its tabs. */
export interface SessionKeeper {
  /** Always the newest: another tab may have renewed it. */
  read(): Session | null;
  write(session: Session | null): void;
}

export function createSessionKeeper(
  storage: SessionStorage,
  onChange: (session: Session | null) => void = () => {},
): SessionKeeper {
  const read = (): Session | null => {
    const text = storage.getItem(key);
    if (!text) return null;
    try {
      return JSON.parse(text) as Session;
    } catch {
      storage.removeItem(key);
      return null;
    }
  };
  const write = (session: Session | null): void => {
    if (session) storage.setItem(key, JSON.stringify(session));
    else storage.removeItem(key);
    onChange(session);
  };
  return { read, write };
}

/** The session as the pages see it. */
export const useSession = create<{ session: Session | null }>(() => ({ session: null }));

/** Who is signed in, in which organization. */
export const personOf = ({ user, organization }: Session): string => `${user.id} ${organization.id}`;

/** Ties the store to this browser's storage, and to what other tabs do with it. */
export function openSession(): SessionKeeper {
  const keeper = createSessionKeeper(localStorage, (session) => useSession.setState({ session }));
  useSession.setState({ session: keeper.read() });
  addEventListener('storage', (event) => {
    if (event.key === key) useSession.setState({ session: keeper.read() });
  });
  return keeper;
}
