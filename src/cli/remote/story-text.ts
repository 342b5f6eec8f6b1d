import type { Output } from '../output.js';
import type { ExplanationJson, NotificationJson, StoryJson } from './types.js';

const COLOURS = {
  delivered: 'green',
  sent: 'green',
  queued: 'yellow',
  skipped: 'yellow',
  expired: 'red',
  failed: 'red',
} as const;

/** A status in its colour. */
export function statusText(output: Output, status: string): string {
  return output.styled(COLOURS[status as keyof typeof COLOURS] ?? 'bold', status);
}

/** The story of a notification as text. */
export function writeStory(output: Output, story: StoryJson): void {
  const { id, appId, channel, kind, uid, status, receivedAt, timeline, explanation } = story;
  output.line(
    `${statusText(output, status)}  ${channel} ${kind} to ${uid} (${appId}), received ${receivedAt}`,
  );
  output.line(output.styled('dim', id));
  output.line();
  writeExplanation(output, explanation);
  output.line();
  for (const { at, text } of timeline) output.line(`${output.styled('dim', at)}  ${text}`);
}

export function writeExplanation(output: Output, { summary, cause, fix, link }: ExplanationJson): void {
  output.line(output.styled('bold', summary));
  if (cause !== null) output.line(`Why: ${cause}`);
  if (fix !== null) output.line(`What to do: ${fix}`);
  if (link !== null) output.line(output.styled('dim', link));
}

/** A notification on one line. */
export function notificationLine(output: Output, notification: NotificationJson): string {
  const { receivedAt, status, channel, kind, uid, deliveries, id } = notification;
  const reasons = [...new Set(deliveries.flatMap(({ reason }) => reason ?? []))].join(', ');
  const why = reasons === '' ? '' : ` (${reasons})`;
  return `${output.styled('dim', receivedAt)}  ${statusText(output, status)}${why}  ${channel} ${kind} to ${uid}  ${id}`;
}
