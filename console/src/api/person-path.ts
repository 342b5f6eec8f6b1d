const PERSON = /\/people\/([^/]+)\/(.+)$/;

/** The person whom a page is about. The router leaves characters like `@` escaped. */
export function personOfPath(pathname = window.location.pathname): {
  readonly appId: string;
  readonly uid: string;
} {
  const [, appId = '', uid = ''] = PERSON.exec(pathname) ?? [];
  return { appId: unescaped(appId), uid: unescaped(uid) };
}

function unescaped(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
