import type { JsonObject } from '#nodes/sdk/json.js';
import { fitsHosts } from '../hosts.js';
import type { NodeDefinition } from '../definition.js';
import type { Checkup, KnownConnection, Rule } from './rule.js';

/** A connection that a step names is there, and belongs to where the step goes, as far as the address says so before it runs. */
export const connections: Rule = (checkup) => {
  const { definition, typeOf, known } = checkup;
  if (!known) return;
  const byId = new Map(known.map((connection) => [connection.id, connection]));
  for (const node of definition.nodes) {
    for (const { name, addressField } of fieldsOf(typeOf(node)?.config)) {
      const id = node.config[name];
      if (typeof id !== 'string' || id === '') continue;
      const connection = byId.get(id);
      if (!connection) {
        checkup.report.add(
          'connection.unknown',
          { nodeId: node.id, path: `config.${name}` },
          { node: checkup.nameOf(node) },
        );
      } else if (addressField !== undefined) checkAddress(checkup, node, addressField, connection);
    }
  }
};

function checkAddress(
  { report, nameOf }: Checkup,
  node: NodeDefinition,
  field: string,
  { hosts }: KnownConnection,
): void {
  const url = certainAddress(node.config[field]);
  if (!url) return;
  const place = { nodeId: node.id, path: `config.${field}` };
  if (!fitsHosts(hosts, url)) {
    report.add('connection.other_host', place, {
      host: url.host,
      hosts: hosts.slice(0, 5).join(', '),
      node: nameOf(node),
    });
  } else if (url.protocol === 'http:') report.add('connection.not_https', place, { host: url.host });
}

/** The address, or its beginning when expressions only follow behind the host. */
function certainAddress(written: unknown): URL | null {
  if (typeof written !== 'string') return null;
  const at = written.indexOf('{{');
  const text = at < 0 ? written : written.slice(0, at);
  if (at >= 0 && !/^https?:\/\/[^/?#]+[/?#]/i.test(text)) return null;
  return URL.canParse(text) ? new URL(text) : null;
}

interface ConnectionField {
  readonly name: string;
  readonly addressField: string | undefined;
}

/** The fields of a node's config that hold the id of a connection. */
function fieldsOf(schema: JsonObject | undefined): readonly ConnectionField[] {
  const properties = schema?.['properties'];
  if (!isObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, field]) => {
    const ui = isObject(field) ? field['ui'] : undefined;
    if (!isObject(ui) || ui['control'] !== 'connection') return [];
    const { addressField } = ui;
    return [{ name, addressField: typeof addressField === 'string' ? addressField : undefined }];
  });
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
