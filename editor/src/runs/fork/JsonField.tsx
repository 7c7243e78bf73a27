import { JsonEditor } from './JsonEditor.js';
import type { MarkAt } from './problemsIn.js';

interface JsonFieldProps {
  readonly label: string;
  /** What it begins with; a new one is a new editor, so give it a `key`. */
  readonly initial: string;
  readonly onChange: (text: string) => void;
  readonly marks: readonly MarkAt[];
}

/** A value to be changed by hand, and below it what is wrong with it, each with where in the value it is. */
export function JsonField({ label, initial, onChange, marks }: JsonFieldProps) {
  return (
    <div>
      <p className="mb-1.5 text-sm font-semibold desk:text-xs">{label}</p>
      <JsonEditor label={label} initial={initial} onChange={onChange} marks={marks} />
      <ul aria-live="polite" className="mt-1.5 grid gap-1 text-sm text-danger desk:text-xs">
        {marks.map(({ from, path, message }) => (
          <li key={`${from} ${message}`}>
            {path && !message.includes(`"${path}"`) && <code className="mr-1.5 font-mono text-xs">{path}</code>}
            {message}
          </li>
        ))}
      </ul>
    </div>
  );
}
