import './ui/styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/queryClient.js';
import { loadPage, router } from './app/router.js';
import { startI18n } from './i18n/i18n.js';
import { followSystemTheme } from './ui/theme.js';
import { Toasts } from './ui/Toast.js';

followSystemTheme();
// Asked for beside the words, not after them.
loadPage();
await startI18n();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toasts />
    </QueryClientProvider>
  </StrictMode>,
);
