/** The ledger's key: a run apologizes once, however often its failure is handled. */
export const APOLOGY = 'apology';
