/** Customers one can be in a rehearsal. Each writes from a phone of her own. */
export const personas = ['customer', 'order', 'angry'] as const;
export type Persona = (typeof personas)[number];
