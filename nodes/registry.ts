import { assistantAgent } from './agents/assistant.node.js';
import { escalationAgent } from './agents/escalation.node.js';
import { faqAgent } from './agents/faq.node.js';
import { sentimentAgent } from './agents/sentiment.node.js';
import { whatsappAgent } from './agents/whatsapp.node.js';
import { sendNode } from './channels/send.node.js';
import { contactNode } from './data/contact.node.js';
import { httpRequestNode } from './data/httpRequest.node.js';
import { knowledgeSearchNode } from './data/knowledgeSearch.node.js';
import { setNode } from './data/set.node.js';
import { askNode } from './human/ask.node.js';
import { handoffNode } from './human/handoff.node.js';
import { delayNode } from './logic/delay.node.js';
import { forEachNode } from './logic/forEach.node.js';
import { ifNode } from './logic/if.node.js';
import { joinNode } from './logic/join.node.js';
import { loopNode } from './logic/loop.node.js';
import { subDepartmentNode } from './logic/subDepartment.node.js';
import { switchNode } from './logic/switch.node.js';
import { waitForEventNode } from './logic/waitForEvent.node.js';
import type { NodeType } from './sdk/node.js';
import { toPublicNode, type PublicNode } from './sdk/publicNode.js';
import { manualTrigger } from './triggers/manual.node.js';
import { scheduleTrigger } from './triggers/schedule.node.js';
import { webhookTrigger } from './triggers/webhook.node.js';
import { whatsappTrigger } from './triggers/whatsapp.node.js';

/** Everything a department can do, in the order of the palette. A new node is its file, its test and its line here. */
export const registry: readonly NodeType[] = [
  whatsappTrigger,
  manualTrigger,
  scheduleTrigger,
  webhookTrigger,
  whatsappAgent,
  faqAgent,
  escalationAgent,
  sentimentAgent,
  assistantAgent,
  ifNode,
  switchNode,
  forEachNode,
  loopNode,
  joinNode,
  delayNode,
  waitForEventNode,
  subDepartmentNode,
  setNode,
  knowledgeSearchNode,
  contactNode,
  httpRequestNode,
  handoffNode,
  askNode,
  sendNode,
];

/** The same by type. */
export const nodeTypes: ReadonlyMap<string, NodeType> = new Map(registry.map((node) => [node.type, node]));

let described: readonly PublicNode[] | undefined;
/** The same without their code: what the browser and `engine/graph` see. Made when first asked for: a worker never asks. */
export const publicNodes = (): readonly PublicNode[] => (described ??= registry.map(toPublicNode));
