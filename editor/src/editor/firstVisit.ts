const key = 'editor-tour';

/** Whether this browser has never been shown the way around the editor. */
export const isFirstVisit = (): boolean => localStorage.getItem(key) === null;

export const rememberVisit = (): void => localStorage.setItem(key, '1');
