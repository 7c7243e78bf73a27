import { BookOpenText, House, MessagesSquare, Settings2, UsersRound } from 'lucide-react';

/** The five places, in the order of both bars. */
export const places = [
  { to: '/home', name: 'home', Icon: House },
  { to: '/conversations', name: 'conversations', Icon: MessagesSquare },
  { to: '/team', name: 'team', Icon: UsersRound },
  { to: '/knowledge', name: 'knowledge', Icon: BookOpenText },
  { to: '/settings', name: 'settings', Icon: Settings2 },
] as const;
