import { Icon, type IconName } from '../../parts/icon.js';
import { formatRelative } from '../../parts/format.js';
import { words } from '../../words.js';
import type { Phone } from './phone-list.js';
import type { Card } from './screen.js';
import styles from './lock-screen.module.css';

const texts = words.phones.phone;
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const NOW_MS = 10_000;

interface LockScreenProps {
  readonly look: Phone['look'];
  readonly cards: readonly Card[];
  readonly badge: number | undefined;
  readonly nowMs: number;
}

/** Clock and notifications, the newest on top. */
export function LockScreen({ look, cards, badge, nowMs }: LockScreenProps) {
  return (
    <div className={styles.screen} data-look={look}>
      <p className={styles.clock}>{clock.format(nowMs)}</p>
      <p className={styles.day}>{day.format(nowMs)}</p>
      {cards.length === 0 && <p className={styles.none}>{texts.noCards}</p>}
      <CardList cards={cards} nowMs={nowMs} />
      {badge !== undefined && badge > 0 && (
        <p className={styles.icon}>
          <AppIcon kind="chat" />
          <span className={styles.badge} aria-hidden="true">
            {badge}
          </span>
          <span className="visually-hidden">{texts.badge(badge)}</span>
        </p>
      )}
    </div>
  );
}

export function CardList({ cards, nowMs }: Pick<LockScreenProps, 'cards' | 'nowMs'>) {
  if (cards.length === 0) return null;
  return (
    // The list scrolls, so it must be reachable by keyboard.
    <ul className={styles.cards} tabIndex={0}>
      {cards.map((card) => (
        <li key={card.key} className={styles.card}>
          <CardView card={card} nowMs={nowMs} />
        </li>
      ))}
    </ul>
  );
}

const APPS = {
  chat: texts.chatApp,
  missed_call: texts.phoneApp,
  sms: texts.smsApp,
} as const satisfies Readonly<Record<Card['kind'], string>>;

function CardView({
  card: { kind, title, lines, at },
  nowMs,
}: {
  readonly card: Card;
  readonly nowMs: number;
}) {
  const moment = new Date(at);
  return (
    <>
      <p className={styles.app}>
        <AppIcon kind={kind} />
        <span>{APPS[kind]}</span>
        <time dateTime={at}>
          {nowMs - moment.getTime() < NOW_MS ? texts.now : formatRelative(moment, nowMs)}
        </time>
      </p>
      <p className={styles.title} dir="auto">
        {title}
      </p>
      {lines.map(({ key, text }) => (
        <p key={key} className={styles.body} dir="auto">
          {text}
        </p>
      ))}
    </>
  );
}

const ICONS: Readonly<Record<Card['kind'], IconName>> = { chat: 'bell', missed_call: 'call', sms: 'list' };

function AppIcon({ kind }: { readonly kind: Card['kind'] }) {
  return (
    <span className={styles.appIcon} data-kind={kind}>
      <Icon name={ICONS[kind]} size={12} />
    </span>
  );
}
