import { Base } from './base.js';

export class Organization extends Base {
  static override readonly tableName = 'platform.organizations';

  declare id: string;
  declare name: string;
  declare slug: string;
  declare locale: string;
  declare timezone: string;
  /** What the business is, in its owner's words: agents read it. */
  declare profile: string;
  /** Whose keys pay for the models. */
  declare modelKeys: 'platform' | 'own';
  /** Most that models may cost in a day, in centavos; `null`: no limit. */
  declare dailyBudgetCents: number | null;
  /** Most messages to one customer in a minute. */
  declare repliesPerMinute: number;
  /** Days for which what finished runs worked on is kept, and the runs themselves. */
  declare payloadDays: number;
  declare runDays: number;
  declare createdAt: Date;
  declare updatedAt: Date;
}
