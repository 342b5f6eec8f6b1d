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
