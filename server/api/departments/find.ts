import type { Knex } from 'knex';
import { Department } from '#db/models/department.js';
import { found } from '../../errors.js';

/** Nothing, if there is such a department: what its draft holds is not read for that. Throws `not_found`. */
export async function checkDepartment(trx: Knex.Transaction, id: string): Promise<void> {
  found(await Department.query(trx).findById(id).whereNull('dismissedAt').select('id'));
}

/** The department, locked until the transaction ends when something follows from it. Throws `not_found`. */
export async function findDepartment(trx: Knex.Transaction, id: string, lock?: 'lock'): Promise<Department> {
  const query = Department.query(trx).findById(id).whereNull('dismissedAt');
  return found(await (lock ? query.forUpdate() : query));
}
