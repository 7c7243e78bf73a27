/// <reference types="vite/client" />

declare module 'virtual:node-icons' {
  import type { LucideIcon } from 'lucide-react';
  export const icons: Readonly<Record<string, LucideIcon | undefined>>;
}
