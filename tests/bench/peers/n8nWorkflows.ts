/** The workflows of the peer that do what our departments of `measure/departments.ts` do, in its own export format. */
export type Workflow = Readonly<Record<string, unknown>>;

export const WORKFLOW_ID = 'benchworkflow001';

type Connections = Record<string, Record<string, { node: string; type: string; index: number }[][]>>;

const workflow = (nodes: readonly object[], connections: Connections): Workflow => ({
  id: WORKFLOW_ID,
  name: 'bench',
  active: false,
  nodes: nodes.map((node, index) => ({ id: `node-${index}`, position: [index * 200, 0], ...node })),
  connections,
  settings: { executionOrder: 'v1' },
});

const to = (...names: string[]) => ({ main: names.map((node) => [{ node, type: 'main', index: 0 }]) });

const webhook = {
  name: 'Webhook',
  type: 'n8n-nodes-base.webhook',
  typeVersion: 2,
  webhookId: 'bench',
  parameters: { httpMethod: 'POST', path: 'bench', responseMode: 'responseNode', options: {} },
};
const respond = (name: string, body: string) => ({
  name,
  type: 'n8n-nodes-base.respondToWebhook',
  typeVersion: 1.1,
  parameters: { respondWith: 'json', responseBody: body, options: {} },
});
const set = {
  name: 'Set',
  type: 'n8n-nodes-base.set',
  typeVersion: 3.4,
  parameters: {
    assignments: {
      assignments: [
        { id: 'a', name: 'name', value: '={{ $json.body.contact }}', type: 'string' },
        { id: 'b', name: 'total', value: '={{ 1 + 2 }}', type: 'number' },
      ],
    },
    options: {},
  },
};
const isLarge = {
  name: 'If',
  type: 'n8n-nodes-base.if',
  typeVersion: 2.2,
  parameters: {
    conditions: {
      options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
      conditions: [
        { id: 'c', leftValue: '={{ $json.total }}', rightValue: 2, operator: { type: 'number', operation: 'gt' } },
      ],
      combinator: 'and',
    },
    options: {},
  },
};
const hello = '={{ { "text": "hello " + $("Set").item.json.name } }}';

/** Webhook, set, if, respond. */
export const flowWorkflow = workflow([webhook, set, isLarge, respond('A', hello)], {
  Webhook: to('Set'),
  Set: to('If'),
  If: to('A'),
});

/** The same with an answer on each side. */
export const queueWorkflow = workflow([webhook, set, isLarge, respond('A', hello), respond('B', hello)], {
  Webhook: to('Set'),
  Set: to('If'),
  If: to('A', 'B'),
});

const CREDENTIALS = 'benchcredential1';

export const openaiCredentials = (baseUrl: string): object => ({
  id: CREDENTIALS,
  name: 'bench',
  type: 'openAiApi',
  data: { apiKey: 'a key', url: baseUrl },
});

/** Webhook, AI agent on an OpenAI model, respond. */
export const agentWorkflow = workflow(
  [
    webhook,
    {
      name: 'Agent',
      type: '@n8n/n8n-nodes-langchain.agent',
      typeVersion: 1.7,
      parameters: {
        promptType: 'define',
        text: '={{ $json.body.text }}',
        options: { systemMessage: 'Answer shortly.' },
      },
    },
    {
      name: 'Model',
      type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
      typeVersion: 1.2,
      parameters: { model: { __rl: true, mode: 'id', value: 'gpt-4o-mini' }, options: {} },
      credentials: { openAiApi: { id: CREDENTIALS, name: 'bench' } },
    },
    respond('Respond', '={{ { "text": $json.output } }}'),
  ],
  {
    Webhook: to('Agent'),
    Agent: to('Respond'),
    Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
  },
);
