/** Everything between `//` and the last `@` of a URL's authority. */
const USERINFO = /(\b[a-z][a-z0-9+.-]{0,30}:\/\/)[^/?#\s"'<>]*@/gi;

/** The text with no user and no password in any URL of it. */
export function withoutUserinfo(text: string): string {
  return text.includes('@') ? text.replaceAll(USERINFO, '$1') : text;
}
