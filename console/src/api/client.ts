import createClient, { type Middleware } from 'openapi-fetch';
import { words } from '../words.js';
import { ApiError, apiErrorOf } from './api-error.js';
import type { components, paths } from './schema.js';

/** A schema of the OpenAPI document: `Dto<'NotificationDto'>`. */
export type Dto<Name extends keyof components['schemas']> = components['schemas'][Name];

/** Called when a call is refused because the session has ended. */
let onSessionEnd: () => void = () => undefined;

export function whenSessionEnds(callback: () => void): void {
  onSessionEnd = callback;
}

const failures: Middleware = {
  async onResponse({ response, request }) {
    if (response.ok) return;
    // The session's own route is how the console logs in and asks whether it is.
    if (response.status === 401 && !request.url.endsWith('/admin/api/session')) onSessionEnd();
    throw await apiErrorOf(response);
  },
  onError({ error }) {
    // An aborted call is the caller's own doing.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    return new ApiError(0, 'CONSOLE.NO_ANSWER', words.failure.noAnswer);
  },
};

/** Every call of the API. Calls that fail throw an `ApiError`. */
export const api = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' });
api.use(failures);

/** The body of an answer: `await bodyOf(api.GET('/v1/providers'))`. */
export async function bodyOf<Answer extends { data?: unknown }>(
  answer: Promise<Answer>,
): Promise<Exclude<Answer['data'], undefined>> {
  const { data } = await answer;
  // Failures are thrown above, and 204 has no body.
  return data as Exclude<Answer['data'], undefined>;
}

interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** A call of a route that is not in the OpenAPI document. Prefer `api`. */
export async function call<T>(path: string, options: CallOptions = {}): Promise<T> {
  const url = new URL(path, window.location.origin);
  for (const [name, value] of Object.entries(options.query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    credentials: 'same-origin',
    ...(options.signal && { signal: options.signal }),
    ...(options.body !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(options.body),
    }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'CONSOLE.NO_ANSWER', words.failure.noAnswer);
  });
  if (response.status === 401) onSessionEnd();
  if (!response.ok) throw await apiErrorOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}
