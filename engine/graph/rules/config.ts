import type { Json, JsonObject } from '#nodes/sdk/json.js';
import type { Text } from '#nodes/sdk/text.js';
import { checkConfig, type ConfigIssue, type FoundTemplate } from '../configIssues.js';
import type { NodeDefinition, ProblemFix } from '../definition.js';
import { checkExpression, findingOf, type CheckScope } from '../expressions/check.js';
import type { Finding } from '../expressions/finding.js';
import { typeOfSchema } from '../expressions/schemaTypes.js';
import { compileTemplate, type Template } from '../expressions/template.js';
import { isAssignable, presentOf, stringType, type Type } from '../expressions/types.js';
import { choiceTitle, fieldTitle } from '../fieldTitle.js';
import { isAfterBody } from '../nodeScope.js';
import { problemCodes, type ProblemCodeName } from '../problemCodes.js';
import { schemaTypeName, type Params } from '../report.js';
import type { Checkup, Rule } from './rule.js';

/** Every config is what its node type asks for, and every expression in it is right and fits where it stands. */
export const configs: Rule = (checkup) => {
  for (const node of checkup.definition.nodes) {
    const type = checkup.typeOf(node);
    if (!type || checkup.report.isFull) continue;
    const { issues, templates } = checkConfig(type.config, node.config as Json, checkup.closest);
    for (const issue of issues) reportIssue(checkup, node, type.config, issue);
    if (templates.length === 0) continue;
    const scope = checkup.scopes.at(node);
    for (const template of templates) {
      const afterBody = isAfterBody(type, template.path[0]);
      checkTemplate(checkup, node, type.config, template, afterBody ? checkup.scopes.at(node, true) : scope);
    }
  }
};

function reportIssue({ report }: Checkup, node: NodeDefinition, root: JsonObject, issue: ConfigIssue): void {
  const code = `config.${issue.code}`;
  if (!isCode(code) || report.isFull) return;
  const { expected, choices, suggestion } = issue.params;
  // Where a choice is wrong the author reads the names that the form shows; a wrong name of a field has no name but itself.
  const named = (value: string): Text => choiceTitle(root, issue.path, value);
  const params: Params = {
    field: fieldTitle(root, issue.path),
    ...issue.params,
    ...(expected !== undefined && { expected: schemaTypeName(expected) }),
    ...(choices !== undefined && { choices: listed(choices.split(', ').map(named)) }),
    ...(choices !== undefined && suggestion !== undefined && { suggestion: named(suggestion) }),
  };
  report.add(code, { nodeId: node.id, path: pathIn(issue.path), fix: choiceFix(node, issue) }, params);
}

const listed = (texts: readonly Text[]): Text => ({
  'pt-BR': texts.map((text) => text['pt-BR']).join(', '),
  en: texts.map((text) => text.en).join(', '),
});

const choiceFix = (node: NodeDefinition, { code, path, params }: ConfigIssue): ProblemFix | undefined =>
  code === 'not_a_choice' && params['suggestion'] !== undefined
    ? { kind: 'setConfig', nodeId: node.id, path: pathIn(path), value: params['suggestion'] }
    : undefined;

function checkTemplate(
  checkup: Checkup,
  node: NodeDefinition,
  root: JsonObject,
  found: FoundTemplate,
  scope: CheckScope,
): void {
  const { text, path, schema } = found;
  let template: Template;
  try {
    template = compileTemplate(text);
  } catch (error) {
    return reportFinding(checkup, node, path, findingOf(error, scope));
  }
  const expected = typeOfSchema(schema, root);
  if (template.kind === 'expression') {
    const { type, findings } = checkExpression(template.expression.source, scope);
    for (const finding of findings)
      reportFinding(checkup, node, path, finding, mended(text, template.expression.source, finding));
    if (findings.length === 0) checkFit(checkup, node, path, type, expected, template.expression.source);
  } else if (template.kind === 'mixed') {
    for (const part of template.parts) {
      if (typeof part === 'string') continue;
      for (const finding of checkExpression(part.source, scope).findings) {
        reportFinding(checkup, node, path, finding, mended(text, part.source, finding));
      }
    }
    checkFit(checkup, node, path, stringType, expected, text);
  }
}

/** Whether the value an expression gives may stand in the field. */
function checkFit(
  checkup: Checkup,
  node: NodeDefinition,
  path: readonly string[],
  type: Type,
  expected: Type,
  source: string,
): void {
  if (isAssignable(type, expected)) return;
  const place = { nodeId: node.id, path: pathIn(path) };
  if (!isAssignable(presentOf(type), expected)) {
    checkup.report.add('expression.wrong_type', place, { expected, found: type });
    return;
  }
  const value = `{{ coalesce(${source}, "") }}`;
  const fix: ProblemFix | undefined =
    expected.kind === 'string' && !expected.values
      ? { kind: 'setConfig', nodeId: node.id, path: place.path, value }
      : undefined;
  checkup.report.add('expression.may_be_null', { ...place, fix }, { name: source });
}

function reportFinding(
  checkup: Checkup,
  node: NodeDefinition,
  path: readonly string[],
  finding: Finding,
  value?: string,
): void {
  const code = `expression.${finding.code}`;
  const fix: ProblemFix | undefined =
    value === undefined ? undefined : { kind: 'setConfig', nodeId: node.id, path: pathIn(path), value };
  // A step that is there goes by its title, which is what the canvas shows of it.
  const later = code === 'expression.step_later' ? checkup.flow.nodes.get(String(finding.params['name'])) : undefined;
  checkup.report.add(
    isCode(code) ? code : 'expression.syntax',
    { nodeId: node.id, path: pathIn(path), fix },
    later ? { ...finding.params, name: checkup.nameOf(later) } : finding.params,
  );
}

/** The whole text with the finding's mend in it, when there is one and it is clear where. */
function mended(text: string, source: string, { mend }: Finding): string | undefined {
  if (!mend || text.indexOf(source) !== text.lastIndexOf(source)) return undefined;
  const better = source.slice(0, mend.start) + mend.text + source.slice(mend.end);
  return text.replace(source, () => better);
}

const pathIn = (path: readonly string[]): string => ['config', ...path].join('.');

const isCode = (code: string): code is ProblemCodeName => Object.hasOwn(problemCodes, code);
