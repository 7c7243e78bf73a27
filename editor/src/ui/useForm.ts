import { useState } from 'react';
import type { FormEvent } from 'react';
import { ApiError } from '../api/apiError.js';

/** A sentence for each field that is wrong. */
export type Faults<Field extends string> = Partial<Record<Field, string>>;

/**
 * A form of text fields: checks before sending, puts the server's faults at their fields, moves to the first one.
 * `invalid` is the sentence for a field that only the server finds wrong; `refusals` those for what it says with a code of its own.
 */
export function useForm<Field extends string>(options: {
  initial: Readonly<Record<Field, string>>;
  check: (values: Readonly<Record<Field, string>>) => Faults<Field>;
  invalid: string;
  refusals?: Readonly<Record<string, string>>;
}) {
  const { initial, check, invalid, refusals } = options;
  const [values, setValues] = useState<Record<Field, string>>(initial);
  const [faults, setFaults] = useState<Faults<Field>>({});
  const fields = Object.keys(initial) as Field[];

  const point = (found: Faults<Field>, form: HTMLFormElement | null): void => {
    setFaults(found);
    const first = fields.find((field) => found[field]);
    const element = first ? form?.elements.namedItem(first) : null;
    if (element instanceof HTMLElement) element.focus();
  };

  return {
    values,
    faults,
    set: (field: Field, value: string): void => {
      setValues((current) => ({ ...current, [field]: value }));
      setFaults((current) => ({ ...current, [field]: undefined }));
    },
    /** Begins anew: what was wrong before is not any more. */
    setAll: (next: Readonly<Record<Field, string>>): void => {
      setValues(next);
      setFaults({});
    },
    /** Ready to spread on a field. */
    field: (name: Field) => ({
      name,
      value: values[name],
      error: faults[name],
      onChange: (event: { target: { value: string } }): void => {
        const { value } = event.target;
        setValues((current) => ({ ...current, [name]: value }));
        setFaults((current) => ({ ...current, [name]: undefined }));
      },
    }),
    submit: (event: FormEvent<HTMLFormElement>, send: () => void): void => {
      event.preventDefault();
      const found = check(values);
      if (fields.some((field) => found[field])) point(found, event.currentTarget);
      else send();
    },
    /** Puts what the server found wrong at its fields; true when every fault has one. */
    refused: (error: unknown): boolean => {
      if (!(error instanceof ApiError)) return false;
      const found: Faults<Field> = {};
      for (const field of fields) if (error.faultOf(field)) found[field] = refusals?.[error.code] ?? invalid;
      setFaults(found);
      return (
        error.details.length > 0 &&
        error.details.every((fault) => fields.some((field) => error.faultOf(field) === fault))
      );
    },
  };
}

/** As the server sees an address: something, an @, a host with a dot. The server has the last word. */
export const looksLikeEmail = (value: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim());
