import { Model, snakeCaseMappers, type Pojo } from 'objection';
import { storableJson, storableText } from '../text.js';

const mappers = snakeCaseMappers();

/**
 * Rows are snake_case in the database and camelCase in code. Models carry no validation and no connection: input is parsed at the
 * edge, and every query names its transaction, `Department.query(trx)`, because only a transaction has an organization.
 */
export class Base extends Model {
  static override readonly columnNameMappers = mappers;

  /** Every JSON value goes out as JSON, texts and numbers too, and nothing that PostgreSQL cannot keep (text.ts). */
  override $formatDatabaseJson(json: Pojo): Pojo {
    const attributes = new Set((this.constructor as typeof Base).jsonAttributes);
    for (const [name, value] of Object.entries(json)) {
      if (attributes.has(name))
        json[name] = value === null || value === undefined ? value : JSON.stringify(storableJson(value));
      else if (typeof value === 'string') json[name] = storableText(value);
    }
    return mappers.format(json) as Pojo;
  }

  /** The driver has read JSON columns already; Objection would read the text "12" as a number. */
  override $parseDatabaseJson(json: Pojo): Pojo {
    return mappers.parse(json) as Pojo;
  }
}
