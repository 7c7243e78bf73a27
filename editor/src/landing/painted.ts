/** Left by `theme.js`: the button that was pressed before the app could hear it. */
interface EarlyClick {
  button: HTMLElement | null;
  /** Listens no more. */
  stop(): void;
}

declare global {
  interface Window {
    earlyClick?: EarlyClick;
  }
}

/** Whether `#root` holds the page of this address in the language of this person. `theme.js` decided it before the first paint. */
export const isPainted = (): boolean => {
  const { painted } = document.documentElement.dataset;
  return painted !== undefined && painted !== 'no';
};

/** Does what was asked of the page before the app was there to hear it; what is asked from now on React hears. Links needed no app. */
export function answerEarlyClick(): void {
  const early = window.earlyClick;
  delete window.earlyClick;
  early?.stop();
  setTimeout(() => early?.button?.isConnected && early.button.click());
}
