import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

const name = 'virtual:node-icons';

/**
 * `virtual:node-icons`: the lucide icons that node types name, and no others. Read from the node files when the app is built, so that a
 * new node brings its icon along without a line in the editor.
 */
export function nodeIcons(nodes: string): Plugin {
  return {
    name: 'node-icons',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load(id) {
      if (id !== `\0${name}`) return undefined;
      const files = readdirSync(nodes, { recursive: true, encoding: 'utf8' }).filter((file) =>
        file.endsWith('.node.ts'),
      );
      const icons = new Set(
        files.flatMap((file) =>
          [...readFileSync(join(nodes, file), 'utf8').matchAll(/^ {2}icon: '([a-z0-9-]+)'/gm)].map(
            ([, icon]) => icon as string,
          ),
        ),
      );
      const sorted = [...icons].toSorted();
      return [
        ...sorted.map((icon, index) => `import icon${index} from 'lucide-react/dist/esm/icons/${icon}.mjs';`),
        `export const icons = { ${sorted.map((icon, index) => `'${icon}': icon${index}`).join(', ')} };`,
      ].join('\n');
    },
  };
}
