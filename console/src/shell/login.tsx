import { useEffect, useEffectEvent, useRef, useState, type SubmitEvent } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { ApiError } from '../api/api-error.js';
import { lastSessionEnd, logIn } from '../api/session.js';
import { useWelcome } from '../api/welcome.js';
import { Button } from '../parts/button.js';
import { Field } from '../parts/field.js';
import { Icon } from '../parts/icon.js';
import { Failure, Notice } from '../parts/notice.js';
import { words } from '../words.js';
import styles from './login.module.css';

/** Username and password; then the page that was asked for. The demo fills them in, and needs no click at first. */
export function Login() {
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const username = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const welcome = useWelcome();
  const [, navigate] = useLocation();
  const [params] = useSearchParams();
  const end = lastSessionEnd();

  const enter = async (name: string, secret: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await logIn(name, secret);
      navigate(pageAfter(params.get('next')), { replace: true });
    } catch (failure) {
      setError(failure);
      setBusy(false);
      password.current?.select();
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void enter(username.current?.value ?? '', password.current?.value ?? '');
  };
  const demo = welcome.data?.login ?? undefined;
  const enterDemo = useEffectEvent((name: string, secret: string) => {
    if (username.current) username.current.value = name;
    if (password.current) password.current.value = secret;
    if (end !== 'logged_out') void enter(name, secret);
  });
  useEffect(() => {
    if (demo) enterDemo(demo.username, demo.password);
  }, [demo]);
  useEffect(() => {
    document.title = `${words.login.title} · ${words.product}`;
    username.current?.focus();
  }, []);

  return (
    <main className={styles.login}>
      <form className={styles.card} onSubmit={submit}>
        <p className={styles.brand}>
          <Icon name="bell" />
          {words.product}
        </p>
        <h1>{words.login.title}</h1>
        {end === 'expired' && error === undefined && <Notice tone="wait">{words.login.expired}</Notice>}
        {demo && <Notice tone="good">{words.login.demo}</Notice>}
        <Field label={words.login.username}>
          {(control) => (
            <input {...control} ref={username} autoComplete="username" autoCapitalize="none" required />
          )}
        </Field>
        <Field label={words.login.password}>
          {(control) => (
            <input {...control} ref={password} type="password" autoComplete="current-password" required />
          )}
        </Field>
        {error !== undefined && <LoginFailure error={error} />}
        <Button type="submit" look="main" isBusy={isBusy}>
          {words.login.submit}
        </Button>
      </form>
    </main>
  );
}

function LoginFailure({ error }: { readonly error: unknown }) {
  if (!(error instanceof ApiError)) return <Failure error={error} title={words.login.failed} />;
  if (error.code === 'AUTH.INVALID')
    return <Failure error={new Error(words.login.wrong)} title={words.login.failed} />;
  if (error.code === 'AUTH.TOO_MANY_ATTEMPTS')
    return (
      <Failure error={new Error(words.login.tooMany(error.retryAfterSeconds))} title={words.login.failed} />
    );
  return <Failure error={error} title={words.login.failed} />;
}

/** @param next as in the URL, which anyone may have written: only a page of the console */
const pageAfter = (next: string | null): string =>
  next !== null && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
