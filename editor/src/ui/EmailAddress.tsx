/** Whole, however narrow the place: it breaks before the name of the house, and within only where even that does not fit. */
export function EmailAddress({ children: address }: { children: string }) {
  const at = address.lastIndexOf('@') + 1;
  return (
    <span className="whitespace-normal wrap-anywhere">
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </span>
  );
}
