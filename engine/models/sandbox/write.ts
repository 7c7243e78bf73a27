import type { ChatRequest } from '#nodes/sdk/context.js';
import { fold } from '../language/fold.js';
import { answer } from './answer.js';
import { phrases } from './phrases.js';
import { sentencesOf } from './units.js';

const summarises = /\b(?:resum\w*|sintetiz\w*|summar\w*|recap)\b/;

const clip = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length - 1).trimEnd()}…` : text;

/** A short text for the author's instructions: a summary of the conversation when they ask for one, else the answer to its last message. */
export function write(request: ChatRequest, last: string): string {
  const english = request.locale === 'en';
  if (summarises.test(fold(request.instructions))) {
    const said = request.messages
      .filter((message) => message.role === 'user')
      .map((message) => `“${clip(message.content.replace(/\s+/g, ' ').trim(), 160)}”`);
    return `${english ? 'The customer wrote' : 'O cliente escreveu'}: ${said.slice(-4).join('; ')}.`;
  }
  const passages = request.material?.passages ?? [];
  const found = answer(last, passages, request.locale);
  if (found.grounded) return found.text;
  const business = sentencesOf(request.material?.business ?? '')
    .slice(0, 2)
    .join(' ');
  return business || (passages.length ? found.text : phrases.done[request.locale]);
}
