/** The address of a page that keeps the chosen app. */
export const withApp = (href: string, appId: string | undefined): string =>
  appId === undefined ? href : `${href}?app=${encodeURIComponent(appId)}`;
