import { z } from 'zod';
import type { NodeContext, Tool } from './context.js';
import type { Json, JsonObject } from './json.js';
import { identifier } from './values.js';

/** What one use of a tool gave: data for the model, and whether the team is done because a person took over. */
export interface ToolOutcome {
  readonly ok: boolean;
  readonly data: Json;
  readonly handedOff: boolean;
}

/** What the author keeps tools to, whatever a model asks of them. */
export interface ToolLimits {
  /** Sources that may be searched; absent: all. */
  readonly sources?: readonly string[];
}

interface BuiltIn {
  readonly tool: Tool;
  readonly use: (ctx: NodeContext, args: Json, limits: ToolLimits) => Promise<ToolOutcome>;
}

const done = (data: Json): ToolOutcome => ({ ok: true, data, handedOff: false });
const refused = (error: string): ToolOutcome => ({ ok: false, data: { error }, handedOff: false });

/** Arguments are parsed before anything happens; what does not fit goes back to the model as an error it can mend. */
function builtIn<Schema extends z.ZodObject>(
  name: string,
  description: string,
  schema: Schema,
  perform: (ctx: NodeContext, args: z.output<Schema>, limits: ToolLimits) => Promise<ToolOutcome>,
): BuiltIn {
  const parameters = z.toJSONSchema(schema, { io: 'input' }) as JsonObject;
  return {
    tool: { name, description, parameters },
    use: async (ctx, args, limits) => {
      const parsed = schema.safeParse(args);
      return parsed.success
        ? perform(ctx, parsed.data, limits)
        : refused(`Wrong arguments: ${z.prettifyError(parsed.error)}`);
    },
  };
}

const searchKnowledge = builtIn(
  'search_knowledge',
  'Looks up what the business has written down. Returns passages.',
  z.strictObject({ query: z.string().min(1).max(500) }),
  async (ctx, { query }, { sources }) => {
    const passages = await ctx.knowledge.search(query, { limit: 5, ...(sources && { sources }) });
    return done({ passages: passages.map(({ id, title, text }) => ({ id, title, text })) });
  },
);

const rememberAboutContact = builtIn(
  'remember_about_contact',
  'Keeps one fact about this customer for later conversations.',
  z.strictObject({ name: identifier, value: z.string().min(1).max(500) }),
  async (ctx, { name, value }) => {
    if ((await ctx.contacts.get()) === null) return refused('There is no contact in this run.');
    await ctx.contacts.update({ attributes: { [name]: value } });
    return done({ kept: name });
  },
);

const getTime = builtIn(
  'get_time',
  'Tells the date and time where the business is.',
  z.strictObject({}),
  async (ctx) => {
    const { timezone } = ctx.organization;
    const local = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: timezone });
    return done({ now: ctx.now().toISOString(), local: local.format(ctx.now()), timezone });
  },
);

const handOff = builtIn(
  'hand_off',
  'Gives the conversation to a person of the business. Ends your work.',
  z.strictObject({ reason: z.string().min(1).max(200), summary: z.string().min(1).max(1_000) }),
  async (ctx, { reason, summary }) => {
    if (ctx.conversation === null) return refused('There is no conversation to hand over.');
    await ctx.conversation.handoff(reason, summary);
    return { ok: true, data: { handedOff: true }, handedOff: true };
  },
);

/** The tools a department may give an agent. None reaches beyond this organization and this contact. */
export const toolNames = ['search_knowledge', 'remember_about_contact', 'get_time', 'hand_off'] as const;
export type ToolName = (typeof toolNames)[number];

const builtIns: Readonly<Record<ToolName, BuiltIn>> = {
  search_knowledge: searchKnowledge,
  remember_about_contact: rememberAboutContact,
  get_time: getTime,
  hand_off: handOff,
};

/** The tools as a model is told of them. */
export const toolsNamed = (names: readonly ToolName[]): Tool[] => names.map((name) => builtIns[name].tool);

/** Uses a tool the author granted. Any other name is refused, whoever asks for it. */
export async function useTool(
  ctx: NodeContext,
  granted: readonly ToolName[],
  name: string,
  args: Json,
  limits: ToolLimits = {},
): Promise<ToolOutcome> {
  const known = granted.find((one) => one === name);
  return known === undefined
    ? refused(`There is no tool called "${name.slice(0, 80)}".`)
    : builtIns[known].use(ctx, args, limits);
}
