import { fitsHosts } from '../hosts.js';
import type { NodeDefinition } from '../definition.js';
import { pickedFields } from './picked.js';
import type { Checkup, KnownConnection, Rule } from './rule.js';

/** A connection that a step names is there, and belongs to where the step goes, as far as the address says so before it runs. */
export const connections: Rule = (checkup) => {
  const { definition, typeOf, known } = checkup;
  if (!known.connections) return;
  const byId = new Map(known.connections.map((connection) => [connection.id, connection]));
  for (const node of definition.nodes) {
    for (const { name, ui } of pickedFields(typeOf(node)?.config, 'connection')) {
      const id = node.config[name];
      if (typeof id !== 'string' || id === '') continue;
      const connection = byId.get(id);
      if (!connection) {
        checkup.report.add(
          'connection.unknown',
          { nodeId: node.id, path: `config.${name}` },
          { node: checkup.nameOf(node) },
        );
      } else if (ui.addressField !== undefined) checkAddress(checkup, node, ui.addressField, connection);
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
