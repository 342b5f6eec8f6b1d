/**
 * The address of a page of the console, below `/admin`.
 *
 * @param appId the app that the page shows; undefined: all
 * @param query further parameters; undefined ones are left out
 */
export function pageHref(
  path: string,
  appId: string | undefined,
  query: Readonly<Record<string, string | undefined>> = {},
): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries({ app: appId, ...query }))
    if (value !== undefined) params.set(name, value);
  return params.size === 0 ? path : `${path}?${params.toString()}`;
}

/** The page of a person. */
export const personHref = (appId: string, uid: string): string =>
  `/people/${encodeURIComponent(appId)}/${encodeURIComponent(uid)}`;
