import './ui/styles.css';
import { createRoot, hydrateRoot } from 'react-dom/client';
import { App } from './app/App.js';
import { loadPage, router } from './app/router.js';
import { startI18n } from './i18n/i18n.js';
import { answerEarlyClick, isPainted } from './landing/painted.js';
import { followSystemTheme } from './ui/theme.js';

async function start(): Promise<void> {
  followSystemTheme();
  // Asked for beside the words, not after them.
  loadPage();
  await startI18n();
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');
  if (isPainted()) await router.load();
  // What stands there already, if it is what this person is to see, is taken over as it is.
  if (isPainted() && router.state.location.pathname === '/') {
    // As after rendering on a server: no boundary around everything, which was not painted either.
    router.ssr = { manifest: undefined };
    hydrateRoot(root, <App />);
    answerEarlyClick();
  } else {
    root.replaceChildren();
    createRoot(root).render(<App />);
  }
  delete document.documentElement.dataset['painted'];
}

// Not awaited here: pages import this file's neighbours, and would wait for it while it waits for them.
void start();
