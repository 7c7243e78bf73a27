import type { FindingSink } from './finding.js';
import {
  anyType,
  areComparable,
  boolType,
  isAssignable,
  listOf,
  numberType,
  partsOf,
  presentOf,
  stringType,
  unionOf,
  type Type,
} from './types.js';

const anyList = listOf(anyType);

/** The type an operator with two operands gives; what does not fit is reported. */
export function checkOperator(checker: FindingSink, operator: string, left: Type, right: Type): Type {
  switch (operator) {
    case '==':
    case '!=':
      if (!areComparable(left, right)) checker.find('never_equal', { left, right });
      return boolType;
    case 'in':
      if (!partsOf(right).every((part) => ['list', 'map', 'any'].includes(part.kind)))
        report(checker, operator, left, right);
      return boolType;
    case '+':
      return both(checker, operator, left, right, [stringType, numberType, anyList]);
    case '<':
    case '<=':
    case '>':
    case '>=':
      both(checker, operator, left, right, [stringType, numberType]);
      return boolType;
    default:
      both(checker, operator, left, right, [numberType]);
      return numberType;
  }
}

/** Both operands must be of one of these types. */
function both(checker: FindingSink, operator: string, left: Type, right: Type, choices: readonly Type[]): Type {
  const fits = (a: Type, b: Type): Type | undefined =>
    choices.find((choice) => isAssignable(a, choice) && isAssignable(b, choice));
  const choice = fits(left, right);
  if (!choice) {
    if (fits(presentOf(left), presentOf(right))) checker.find('may_be_null', { name: operator });
    else report(checker, operator, left, right);
    return anyType;
  }
  if (left.kind === 'any' && right.kind === 'any') return choices.length === 1 ? choice : anyType;
  return choice.kind === 'list' ? unionOf([left, right].filter((type) => type.kind !== 'any')) : choice;
}

const report = (checker: FindingSink, operator: string, left: Type, right: Type): Type =>
  checker.find('wrong_operands', { operator, left, right });
