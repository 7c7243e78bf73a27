import type { Contact } from '#nodes/sdk/context.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Capabilities, StepCapabilities, StepHandle } from './capabilities.js';

/** What expressions of a run may read beside its steps, asked for once and only when one of them does. */
export class ExpressionWorld {
  readonly #capabilities: Capabilities;
  readonly #run: StepHandle['run'];
  readonly #signal: AbortSignal;
  #capable: StepCapabilities | undefined;
  #contact: Promise<Contact | null> | undefined;

  constructor(capabilities: Capabilities, run: StepHandle['run'], signal: AbortSignal) {
    this.#capabilities = capabilities;
    this.#run = run;
    this.#signal = signal;
  }

  /** `contact`, `conversation` and `organization`, those of them that are named. */
  async read(names: ReadonlySet<string>): Promise<Record<string, Json>> {
    const capable = (this.#capable ??= this.#capabilities(this.#handle()));
    const world: Record<string, Json> = {};
    if (names.has('organization')) world['organization'] = { ...capable.organization };
    if (names.has('conversation'))
      world['conversation'] = capable.conversation && {
        id: capable.conversation.id,
        locale: capable.conversation.locale,
      };
    if (names.has('contact')) {
      const contact = await (this.#contact ??= capable.contacts.get());
      world['contact'] = contact && { ...contact };
    }
    return world;
  }

  #handle(): StepHandle {
    return {
      run: this.#run,
      node: { id: '', type: '', title: '' },
      path: '',
      attempt: 1,
      signal: this.#signal,
      charge: () => undefined,
      preview: () => undefined,
      effect: async () => {
        throw new Error('Expressions have no effects');
      },
    };
  }
}
