import '@fontsource-variable/inter';
// In a layer, so that our own styles win whatever order the chunks arrive in.
import '@mantine/core/styles.layer.css';
import 'virtual:theme.css';
import './theme/tokens.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Schema } from './api/client.ts';
import { queryClient } from './api/query-client.ts';
import { SessionProvider } from './api/session.tsx';
import { firstPage } from './app/pages.ts';
import { router } from './app/router.tsx';
import { Toasts } from './components/feedback/toasts.tsx';
import { startTexts } from './i18n/index.ts';
import { askEarly } from './pages/overview/questions.ts';
import { theme } from './theme/theme.ts';

const colors = localStorageColorSchemeManager({ key: 'drydock-theme' });
const root = document.getElementById('root');

/** Whoever comes in at the first page is asked for nothing twice: its questions go out before it is drawn. */
async function askAhead(): Promise<void> {
  const response = await window.earlySession;
  if (window.location.pathname !== firstPage || response?.ok !== true) return;
  const { me } = (await response.clone().json()) as { readonly me: Schema<'Me'> };
  askEarly(queryClient, me);
}

void askAhead().catch(() => {});
await startTexts();
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        defaultColorScheme="auto"
        colorSchemeManager={colors}
        // Both would write `<style>` elements, which the content security policy refuses: virtual:theme.css stands in.
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <QueryClientProvider client={queryClient}>
          <SessionProvider>
            <RouterProvider router={router} />
          </SessionProvider>
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
