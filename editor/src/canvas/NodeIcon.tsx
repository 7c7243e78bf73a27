import { Square } from 'lucide-react';
import { icons } from 'virtual:node-icons';

/** The icon that a node type names. */
export function NodeIcon({ name, size }: { name: string | undefined; size: number }) {
  const Icon = (name && icons[name]) || Square;
  return <Icon size={size} strokeWidth={1.75} aria-hidden="true" />;
}
