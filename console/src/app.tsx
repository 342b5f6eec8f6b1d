import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Redirect, Route, Router, Switch, useLocation, useSearch } from 'wouter';
import { whenSessionEnds } from './api/client.js';
import { personOfPath } from './api/person-path.js';
import { queryClient } from './api/query-client.js';
import { endSession, useSession } from './api/session.js';
import { Failure, Loading } from './parts/notice.js';
import { AuditPage } from './pages/audit/audit.js';
import { NotFoundPage } from './pages/not-found/not-found.js';
import { NotificationPage } from './pages/notification/notification.js';
import { NotificationsPage } from './pages/notifications/notifications.js';
import { OverviewPage } from './pages/overview/overview.js';
import { PeoplePage } from './pages/people/people.js';
import { PersonPage } from './pages/person/person.js';
import { ProvidersPage } from './pages/providers/providers.js';
import { QueuesPage } from './pages/queues/queues.js';
import { ReplayPage } from './pages/replay/replay.js';
import { RulesPage } from './pages/rules/rules.js';
import { SettingsPage } from './pages/settings/settings.js';
import { SpendPage } from './pages/spend/spend.js';
import { Login } from './shell/login.js';
import { Shell } from './shell/shell.js';

// Loaded when first opened; the charts are, too. The other pages share one file, which compresses better than one for each.
const PhonesPage = lazy(async () => ({ default: (await import('./pages/phones/phones.js')).PhonesPage }));

whenSessionEnds(() => endSession('expired'));

export function App() {
  return (
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
          <Route path="/" component={OverviewPage} />
          <Route path="/notifications" component={NotificationsPage} />
          <Route path="/notifications/:id">{({ id }) => <NotificationPage key={id} id={id} />}</Route>
          <Route path="/people" component={PeoplePage} />
          <Route path="/people/:app/*">
            {() => {
              const { appId, uid } = personOfPath();
              return <PersonPage key={`${appId} ${uid}`} appId={appId} uid={uid} />;
            }}
          </Route>
          <Route path="/providers" component={ProvidersPage} />
          <Route path="/queue-state" component={QueuesPage} />
          <Route path="/replay" component={ReplayPage} />
          <Route path="/spend" component={SpendPage} />
          <Route path="/rules" component={RulesPage} />
          <Route path="/phones" component={PhonesPage} />
          <Route path="/audit" component={AuditPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </Shell>
  );
}
