/** What organizations may spend on models. Amounts are millionths of a US dollar. */
export interface Budget {
  /**
   * Sets aside the most that a call may cost. Gives what to call with the true cost once it is known, also when that is nothing; `null` when the
   * day's money is gone.
   */
  reserve(organizationId: string, estimate: number): Promise<((cost: number) => Promise<void>) | null>;
  /** Adds up what an organization without a limit has spent. */
  spent(organizationId: string, micros: number): Promise<void>;
}
