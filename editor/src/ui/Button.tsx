import { Link, type LinkComponentProps } from '@tanstack/react-router';
import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { classes } from './classes.js';
import { LeafTrio } from './LeafTrio.js';

/** `you` is sol: one per view. `ink` and `ghost` stand only on sol. */
export type ButtonVariant = 'you' | 'default' | 'ink' | 'ghost' | 'quiet' | 'danger' | 'dangerSolid';
export type ButtonSize = 'sm' | 'md' | 'lg';

interface Look {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: ReactNode;
  /** As wide as its place. */
  readonly wide?: boolean;
}

const variants: Record<ButtonVariant, string> = {
  you: 'border-transparent bg-sol text-sol-ink hover:bg-sol-hover active:bg-sol-press',
  default: 'border-line bg-surface text-ink shadow-1 hover:bg-sunken',
  ink: 'border-transparent bg-[#14272c] text-[#f6f7f2] hover:bg-[#22393f]',
  ghost: 'border-transparent bg-[rgb(20_39_44/.1)] text-[#14272c] hover:bg-[rgb(20_39_44/.16)]',
  quiet: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
  danger: 'border-line bg-surface text-danger shadow-1 hover:bg-danger-soft',
  dangerSolid: 'border-transparent bg-danger-solid text-on-danger hover:brightness-110',
};

const sizes: Record<ButtonSize, string> = {
  sm: 'min-h-9 rounded-[10px] px-3.5 text-sm desk:min-h-8 desk:rounded-sm desk:px-3 desk:text-xs',
  md: 'min-h-11 rounded-md px-4 desk:min-h-9 desk:px-3.5',
  lg: 'min-h-13 rounded-[.9rem] px-6 text-lg',
};

export const buttonClass = ({ variant = 'default', size = 'md', wide }: Look): string =>
  classes(
    'press inline-flex items-center justify-center gap-2 border font-semibold whitespace-nowrap select-none',
    'disabled:border-transparent disabled:bg-sunken disabled:text-ink-3 disabled:shadow-none',
    'aria-disabled:border-transparent aria-disabled:bg-sunken aria-disabled:text-ink-3 aria-disabled:shadow-none',
    variants[variant],
    sizes[size],
    wide && 'w-full',
  );

export type ButtonProps = Look & { loading?: boolean } & ButtonHTMLAttributes<HTMLButtonElement>;

/** While loading the label stays and three leaves stand where the icon was. */
export function Button({
  variant,
  size,
  icon,
  wide,
  loading = false,
  children,
  className,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={loading ? 'button' : type}
      onClick={loading ? undefined : onClick}
      aria-busy={loading || undefined}
      className={classes(
        buttonClass({ ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) }),
        className,
      )}
    >
      {loading ? <LeafTrio size={12} /> : icon}
      {children}
    </button>
  );
}

type ButtonLinkProps = Look & LinkComponentProps<'a'>;

/** A link that looks like a button. */
export function ButtonLink({
  variant,
  size,
  icon,
  wide,
  children,
  className,
  ...rest
}: ButtonLinkProps & { children: ReactNode }) {
  return (
    <Link
      {...rest}
      className={classes(
        buttonClass({ ...(variant && { variant }), ...(size && { size }), ...(wide && { wide }) }),
        typeof className === 'string' && className,
      )}
    >
      {icon}
      {children}
    </Link>
  );
}
