import type { ptBR } from './pt-BR/index.js';

/** Every text of the app. A language that lacks a key, or has one too many, does not compile. */
export type Dictionary = typeof ptBR;
