import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Redirect, Route, Router, Switch, useLocation, useSearch } from 'wouter';
import { whenSessionEnds } from './api/client.js';
import { queryClient } from './api/query-client.js';
import { endSession, useSession } from './api/session.js';
import { Failure, Loading } from './parts/notice.js';
import { Login } from './shell/login.js';
import { Shell } from './shell/shell.js';

// Each page is loaded when it is first opened.
const Overview = lazy(async () => ({ default: (await import('./pages/overview/overview.js')).OverviewPage }));
const Notifications = lazy(async () => ({
  default: (await import('./pages/notifications/notifications.js')).NotificationsPage,
}));
const Notification = lazy(async () => ({
  default: (await import('./pages/notification/notification.js')).NotificationPage,
}));
const Person = lazy(async () => ({ default: (await import('./pages/person/person.js')).PersonPage }));
const Providers = lazy(async () => ({
  default: (await import('./pages/providers/providers.js')).ProvidersPage,
}));
const Queues = lazy(async () => ({ default: (await import('./pages/queues/queues.js')).QueuesPage }));
const Replay = lazy(async () => ({ default: (await import('./pages/replay/replay.js')).ReplayPage }));
const Spend = lazy(async () => ({ default: (await import('./pages/spend/spend.js')).SpendPage }));
const Rules = lazy(async () => ({ default: (await import('./pages/rules/rules.js')).RulesPage }));
const Phones = lazy(async () => ({ default: (await import('./pages/phones/phones.js')).PhonesPage }));
const Audit = lazy(async () => ({ default: (await import('./pages/audit/audit.js')).AuditPage }));
const Settings = lazy(async () => ({ default: (await import('./pages/settings/settings.js')).SettingsPage }));
const NotFound = lazy(async () => ({
  default: (await import('./pages/not-found/not-found.js')).NotFoundPage,
}));

whenSessionEnds(() => endSession('expired'));

export function App() {
  return (
    // Base UI would write style elements, which the policy of the page refuses.
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <Router base="/admin">
          <Switch>
            <Route path="/login" component={Login} />
            <Route>
              <LoggedIn />
            </Route>
          </Switch>
        </Router>
      </QueryClientProvider>
    </CSPProvider>
  );
}

/** The shell with its pages; without a session, the login, which leads back. */
function LoggedIn() {
  const session = useSession();
  const [path] = useLocation();
  const search = useSearch();
  if (session.data) return <Pages />;
  if (session.data === null) {
    const next = `${path}${search === '' ? '' : `?${search}`}`;
    return <Redirect to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} replace />;
  }
  return session.isError ? <Failure error={session.error} onRetry={session.refetch} /> : null;
}

function Pages() {
  return (
    <Shell>
      <Suspense fallback={<Loading rows={8} />}>
        <Switch>
          <Route path="/" component={Overview} />
          <Route path="/notifications" component={Notifications} />
          <Route path="/notifications/:id">{({ id }) => <Notification key={id} id={id} />}</Route>
          <Route path="/people/:app/:uid">
            {({ app, uid }) => <Person key={`${app} ${uid}`} appId={app} uid={uid} />}
          </Route>
          <Route path="/providers" component={Providers} />
          <Route path="/queues" component={Queues} />
          <Route path="/replay" component={Replay} />
          <Route path="/spend" component={Spend} />
          <Route path="/rules" component={Rules} />
          <Route path="/phones" component={Phones} />
          <Route path="/audit" component={Audit} />
          <Route path="/settings" component={Settings} />
          <Route component={NotFound} />
        </Switch>
      </Suspense>
    </Shell>
  );
}
