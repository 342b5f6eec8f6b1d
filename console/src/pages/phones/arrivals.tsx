import { useEffect, useRef, useState } from 'react';
import { words } from '../../words.js';
import type { Phone } from './phone-list.js';
import { readPush } from './read-push.js';
import { ENDS, messagesOf, smsOf, type SandboxMessage } from './screen.js';

const texts = words.phones.arrivals;

interface ArrivalsProps {
  readonly phones: readonly Phone[];
  readonly messages: readonly SandboxMessage[];
  /** Earlier messages are not read out. */
  readonly sinceMs: number;
}

/** Tells screen readers what arrives. */
export function Arrivals({ phones, messages, sinceMs }: ArrivalsProps) {
  const told = useRef(new Set<string>());
  const [text, setText] = useState('');
  useEffect(() => {
    const isNew = ({ id, at }: SandboxMessage) => !told.current.has(id) && Date.parse(at) >= sinceMs;
    const news = phones.flatMap((phone) => messagesOf(phone, messages).filter(isNew));
    if (news.length === 0) return;
    for (const { id } of news) told.current.add(id);
    setText(news.flatMap(newsOf).join(' '));
  }, [phones, messages, sinceMs]);
  return (
    <p role="status" className="visually-hidden">
      {text}
    </p>
  );
}

function newsOf(message: SandboxMessage): string | [] {
  const { channel, uid } = message;
  if (channel === 'sms') return texts.sms(uid, smsOf(message).text);
  const { fields, shown } = readPush(message.message);
  const { type, callAction = '', senderName = '', title = '', body = '' } = fields;
  if (type === 'call') {
    if (callAction === 'initiated') return texts.rings(uid, senderName);
    return ENDS.has(callAction) ? texts.stopped(uid) : [];
  }
  return texts.push(uid, shown?.title ?? title, shown?.body ?? body);
}
