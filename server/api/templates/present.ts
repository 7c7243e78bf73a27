import type { Template } from './library.js';
import type { TemplateView } from './schemas.js';

/** What one reads before hiring. */
export function presentCard({ slug, version, title, summary, callsYou, cost, emblem, color }: Template): TemplateView {
  return { slug, version, title, summary, callsYou, cost, emblem, color };
}
