import { useState, type SubmitEvent } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { logIn } from '../api/session.js';
import { Button } from '../parts/button.js';
import { Field } from '../parts/field.js';
import { Failure } from '../parts/notice.js';
import { Page } from '../parts/page.js';
import { words } from '../words.js';

/** Username and password; then the page that was asked for. */
export function Login() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await logIn(username, password);
      navigate(params.get('next') ?? '/', { replace: true });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <main>
      <Page heading={words.login.title}>
        <form onSubmit={(event) => void submit(event)}>
          <Field label={words.login.username}>
            {(control) => (
              <input
                {...control}
                autoComplete="username"
                required
                value={username}
                onChange={(event) => setUsername(event.target.value)}
              />
            )}
          </Field>
          <Field label={words.login.password}>
            {(control) => (
              <input
                {...control}
                type="password"
                autoComplete="current-password"
                required
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          {error !== undefined && <Failure error={error} />}
          <Button type="submit" look="main" isBusy={isBusy}>
            {words.login.submit}
          </Button>
        </form>
      </Page>
    </main>
  );
}
