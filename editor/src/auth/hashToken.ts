/** The token that a link of a mail carries after `#`: that part of an address never reaches a server or its log. */
export const hashToken = (): string => new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
