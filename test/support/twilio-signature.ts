import { createHmac } from 'node:crypto';

/** Twilio's rule: the URL, followed by each name and value in order of the names. */
export function twilioSignature(
  url: string,
  form: Readonly<Record<string, string>>,
  authToken: string,
): string {
  const content = Object.keys(form)
    .sort()
    .map((name) => name + form[name])
    .join('');
  return createHmac('sha1', authToken)
    .update(url + content)
    .digest('base64');
}
