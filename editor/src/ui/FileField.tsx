import { FileUp } from 'lucide-react';
import { useId, useState } from 'react';

interface FileFieldProps {
  readonly label: string;
  /** What is said while no file is chosen. */
  readonly choose: string;
  /** As the browser's own `accept`. */
  readonly accept: string;
  readonly onFile: (file: File | null) => void;
}

/** A place to choose a file at or to drop one on. The browser's own field lies over it unseen, so that keys, drops and readers of the screen find what they know. */
export function FileField({ label, choose, accept, onFile }: FileFieldProps) {
  const id = useId();
  const [name, setName] = useState<string | null>(null);
  return (
    <div className="mt-2">
      <label htmlFor={id} className="mb-1 block text-xs font-semibold">
        {label}
      </label>
      <div className="press relative flex min-h-24 flex-col items-center justify-center gap-2 rounded-lg border border-dashed border-line-strong p-4 text-center text-ink-2 hover:bg-sunken has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus">
        <FileUp size={20} aria-hidden="true" />
        <span className="max-w-full break-words font-semibold text-ink">{name ?? choose}</span>
        <input
          id={id}
          type="file"
          accept={accept}
          className="absolute inset-0 cursor-pointer opacity-0"
          onChange={({ target }) => {
            const file = target.files?.[0] ?? null;
            setName(file?.name ?? null);
            onFile(file);
          }}
        />
      </div>
    </div>
  );
}
