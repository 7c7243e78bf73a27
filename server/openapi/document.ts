/** The parts of JSON Schema 2020-12 that zod writes and we read. */
export interface JsonSchema {
  $ref?: string;
  type?: string | readonly string[];
  properties?: Readonly<Record<string, JsonSchema>>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
  enum?: readonly unknown[];
  const?: unknown;
  default?: unknown;
  examples?: readonly unknown[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  description?: string;
}
export type Schemas = Record<string, JsonSchema>;

export interface MediaType {
  schema?: JsonSchema;
  example?: unknown;
  examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
export interface Response {
  description?: string;
  $ref?: string;
  headers?: Record<string, object>;
  content?: Record<string, MediaType>;
}
export interface Parameter {
  $ref?: string;
  name?: string;
  in?: string;
  description?: string;
  example?: unknown;
  schema?: JsonSchema;
}
export interface Operation {
  operationId?: string;
  summary?: string;
  tags?: readonly string[];
  security?: readonly object[];
  parameters?: Parameter[];
  requestBody?: { readonly required?: boolean; readonly content: Record<string, MediaType> };
  responses?: Record<string, Response>;
  /** A route that nobody signs in to, and that takes an Idempotency-Key all the same. */
  'x-takes-key'?: boolean;
  'x-access'?: { readonly permission?: string; readonly public?: string; readonly person?: string };
  'x-permission'?: string;
}
/** An OpenAPI 3.1 document, as far as we write one. */
export interface Document {
  openapi: string;
  tags?: readonly object[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Schemas;
    responses?: Record<string, Response>;
    parameters?: Record<string, Parameter>;
    headers?: Record<string, object>;
  };
}

/** What a `#/components/…` reference names. */
export const nameOfRef = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);
