import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  type AnyRoute,
} from '@tanstack/react-router';
import { api, client, isSignedIn } from '../api/api.js';
import { keys } from '../api/keys.js';
import { queryClient } from '../api/queryClient.js';
import { personOf, useSession } from '../api/session.js';
import { fetchDraftEarly } from '../document/earlySocket.js';
import { readRunFilters } from '../runs/runFilters.js';
import { MissingPage, PageFailure } from './failures.js';

/** What is no text is `undefined`, and is said to be: a page is given what stands in the address wherever its route says nothing. */
const textIn = (given: unknown): string | undefined => (typeof given === 'string' ? given : undefined);

const root = createRootRoute({ component: Outlet, errorComponent: PageFailure, notFoundComponent: MissingPage });

/** Pages for people who are not signed in; others are sent home. */
const visitor = createRoute({
  getParentRoute: () => root,
  id: 'visitor',
  beforeLoad: () => {
    if (isSignedIn()) throw redirect({ to: '/home' });
  },
});

/** Pages inside, with the navigation around them. Remembers where one wanted to go. */
const member = createRoute({
  getParentRoute: () => root,
  id: 'member',
  beforeLoad: ({ location }) => {
    if (!isSignedIn()) throw redirect({ to: '/entrar', search: { next: location.href } });
  },
  component: lazyRouteComponent(() => import('./Shell.js'), 'Shell'),
});

const page = <Path extends string>(path: Path) => ({ getParentRoute: () => member, path });

const landing = createRoute({
  getParentRoute: () => visitor,
  path: '/',
  component: lazyRouteComponent(() => import('../landing/LandingPage.js'), 'LandingPage'),
});
const signIn = createRoute({
  getParentRoute: () => visitor,
  path: '/entrar',
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => {
    const next = search['next'];
    // Only an address of this app: anything else would send a person who just signed in elsewhere.
    return { next: typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : undefined };
  },
  component: lazyRouteComponent(() => import('../auth/SignInPage.js'), 'SignInPage'),
});
const register = createRoute({
  getParentRoute: () => visitor,
  path: '/criar-conta',
  component: lazyRouteComponent(() => import('../auth/RegisterPage.js'), 'RegisterPage'),
});

const forgot = createRoute({
  getParentRoute: () => visitor,
  path: '/forgot',
  component: lazyRouteComponent(() => import('../auth/ForgotPage.js'), 'ForgotPage'),
});
/** Where mails lead: for whoever opens them, signed in or not. */
const reset = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => import('../auth/ResetPage.js'), 'ResetPage'),
});
const verify = createRoute({
  getParentRoute: () => root,
  path: '/verify',
  component: lazyRouteComponent(() => import('../auth/VerifyPage.js'), 'VerifyPage'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../auth/InvitationPage.js'), 'InvitationPage'),
});
const outbox = createRoute({
  getParentRoute: () => root,
  path: '/outbox',
  component: lazyRouteComponent(() => import('../outbox/OutboxPage.js'), 'OutboxPage'),
});

const home = createRoute({
  ...page('/home'),
  component: lazyRouteComponent(() => import('../home/HomePage.js'), 'HomePage'),
});
const hire = createRoute({
  ...page('/hire'),
  component: lazyRouteComponent(() => import('../hire/HirePage.js'), 'HirePage'),
});
const inbox = createRoute({
  ...page('/conversations'),
  component: lazyRouteComponent(() => import('../inbox/InboxPage.js'), 'InboxPage'),
});
const thread = createRoute({
  getParentRoute: () => inbox,
  path: '$conversationId',
  component: lazyRouteComponent(() => import('../inbox/ThreadPage.js'), 'ThreadPage'),
});
const team = createRoute({
  ...page('/team'),
  component: lazyRouteComponent(() => import('../team/TeamPage.js'), 'TeamPage'),
});
const knowledge = createRoute({
  ...page('/knowledge'),
  component: lazyRouteComponent(() => import('../knowledge/KnowledgePage.js'), 'KnowledgePage'),
});
const settings = createRoute({
  ...page('/settings'),
  component: lazyRouteComponent(() => import('../settings/SettingsPage.js'), 'SettingsPage'),
});
const whatsapp = createRoute({
  ...page('/settings/whatsapp'),
  component: lazyRouteComponent(() => import('../settings/WhatsAppPage.js'), 'WhatsAppPage'),
});
const account = createRoute({
  ...page('/settings/account'),
  component: lazyRouteComponent(() => import('../settings/account/AccountPage.js'), 'AccountPage'),
});
const sessions = createRoute({
  ...page('/settings/sessions'),
  component: lazyRouteComponent(() => import('../settings/account/SessionsPage.js'), 'SessionsPage'),
});
const people = createRoute({
  ...page('/settings/people'),
  component: lazyRouteComponent(() => import('../settings/people/PeoplePage.js'), 'PeoplePage'),
});
const apiKeys = createRoute({
  ...page('/settings/api-keys'),
  component: lazyRouteComponent(() => import('../settings/people/ApiKeysPage.js'), 'ApiKeysPage'),
});
const connections = createRoute({
  ...page('/settings/connections'),
  component: lazyRouteComponent(() => import('../settings/connections/ConnectionsPage.js'), 'ConnectionsPage'),
});
const retention = createRoute({
  ...page('/settings/retention'),
  component: lazyRouteComponent(() => import('../settings/RetentionPage.js'), 'RetentionPage'),
});
const audit = createRoute({
  ...page('/settings/audit'),
  component: lazyRouteComponent(() => import('../settings/people/AuditPage.js'), 'AuditPage'),
});
/** Asked for while the editor itself is still on its way. */
function askForEditor(departmentId: string): void {
  void queryClient.prefetchQuery({
    queryKey: keys.department(departmentId),
    queryFn: () => api.department(departmentId),
  });
  void queryClient.prefetchQuery({ queryKey: keys.nodeTypes, queryFn: api.nodeTypes, staleTime: 'static' });
}

/** The draft too, for whoever is really going there: nobody is in a draft because their pointer passed a link. */
function askForDraft(departmentId: string): void {
  const { session } = useSession.getState();
  if (session) fetchDraftEarly(personOf(session), departmentId, () => client.freshToken());
}

const editor = createRoute({
  ...page('/departments/$departmentId/edit'),
  validateSearch: (search: Record<string, unknown>): { comment?: string | undefined; run?: string | undefined } => ({
    comment: textIn(search['comment']),
    run: textIn(search['run']),
  }),
  loader({ params: { departmentId }, cause }) {
    if (cause === 'enter') askForDraft(departmentId);
    askForEditor(departmentId);
  },
  component: lazyRouteComponent(() => import('../editor/EditorPage.js'), 'EditorPage'),
});
const versions = createRoute({
  ...page('/departments/$departmentId/versions'),
  component: lazyRouteComponent(() => import('../editor/VersionsPage.js'), 'VersionsPage'),
});
const simulator = createRoute({
  ...page('/departments/$departmentId/simulator'),
  component: lazyRouteComponent(() => import('../simulator/SimulatorPage.js'), 'SimulatorPage'),
});
const allRuns = createRoute({
  ...page('/runs'),
  validateSearch: readRunFilters,
  component: lazyRouteComponent(() => import('../runs/AllRunsPage.js'), 'AllRunsPage'),
});
const runs = createRoute({
  ...page('/departments/$departmentId/runs'),
  validateSearch: readRunFilters,
  component: lazyRouteComponent(() => import('../runs/RunsPage.js'), 'RunsPage'),
});
const run = createRoute({
  ...page('/departments/$departmentId/runs/$runId'),
  validateSearch: (search: Record<string, unknown>): { step?: string | undefined; view?: 'graph' | undefined } => ({
    step: textIn(search['step']),
    view: search['view'] === 'graph' ? 'graph' : undefined,
  }),
  component: lazyRouteComponent(() => import('../runs/RunPage.js'), 'RunPage'),
});

const routeTree = root.addChildren([
  visitor.addChildren([landing, signIn, register, forgot]),
  reset,
  verify,
  invitation,
  outbox,
  member.addChildren([
    home,
    hire,
    inbox.addChildren([thread]),
    team,
    knowledge,
    settings,
    whatsapp,
    account,
    sessions,
    people,
    apiKeys,
    connections,
    retention,
    audit,
    editor,
    versions,
    simulator,
    allRuns,
    runs,
    run,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: PageFailure,
  defaultNotFoundComponent: MissingPage,
});

/** Begins to fetch the code of the page at the present address, and what the editor waits for. Whether it fails is seen when the page is opened. */
export function loadPage(): void {
  for (const { routeId, params } of router.matchRoutes(router.latestLocation)) {
    if (routeId === editor.id && isSignedIn() && 'departmentId' in params) {
      askForDraft(params.departmentId);
      askForEditor(params.departmentId);
    }
    const route = (router.routesById as Record<string, AnyRoute>)[routeId];
    if (route) void router.loadRouteChunk(route)?.catch(() => undefined);
  }
}

// A session that ends, here or in another tab, takes its pages with it. Signing in navigates by itself.
useSession.subscribe((state, before) => {
  if (!state.session && before.session) void router.invalidate();
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
