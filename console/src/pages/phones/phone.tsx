import { useId, useState } from 'react';
import { Choice } from '../../parts/choice.js';
import { Json } from '../../parts/json.js';
import { More } from '../../parts/more.js';
import { useNow } from '../../parts/use-now.js';
import { wordOf, words } from '../../words.js';
import { BrowserWindow } from './browser-window.js';
import { CallScreen } from './call-screen.js';
import { LockScreen } from './lock-screen.js';
import type { Phone } from './phone-list.js';
import type { PlayLog } from './play-log.js';
import type { CallAction } from './queries.js';
import { useRingMs } from './ring-time.js';
import { screenOf, type Call, type Decision, type SandboxMessage, type Screen } from './screen.js';
import { SmsThread } from './sms-thread.js';
import styles from './phone.module.css';

const texts = words.phones.phone;
const TICK_MS = 1_000;

interface PhoneViewProps {
  readonly phone: Phone;
  /** Those that reached it, the oldest first. */
  readonly messages: readonly SandboxMessage[];
  readonly log: PlayLog;
}

/** A phone as its platform would show it, with its name above and its latest payload below. */
export function PhoneView({ phone, messages, log }: PhoneViewProps) {
  const id = useId();
  const nowMs = useNow(TICK_MS);
  const ringMs = useRingMs();
  const { decisions, decide } = useDecisions(phone, log);
  const [view, setView] = useState<'lock' | 'sms'>(phone.look === 'sms' ? 'sms' : 'lock');
  const screen = screenOf(phone, messages, { nowMs, ringMs, decisions, missedText: texts.missed });
  const heading = texts.heading(phone.uid, texts.name[phone.look]);
  const hasViews = phone.phno !== undefined && phone.look !== 'sms';
  return (
    <article className={styles.phone} aria-labelledby={id} data-look={phone.look}>
      <header className={styles.caption}>
        <h2 id={id} className={styles.name} title={phone.uid.length > 30 ? undefined : phone.uid}>
          {heading}
        </h2>
        <p className={styles.addresses}>
          {[...phone.transports.map((one) => wordOf('transports', one)), phone.phno ?? []].flat().join(' · ')}
        </p>
      </header>
      {phone.look === 'web' ? (
        <BrowserWindow screen={screen} nowMs={nowMs} onDecide={decide} />
      ) : (
        <div className={styles.frame} data-ringing={screen.call?.state === 'ringing'}>
          <Front phone={phone} screen={screen} view={view} nowMs={nowMs} onDecide={decide} />
        </div>
      )}
      {hasViews && (
        <div className={styles.views}>
          <Choice
            look="joined"
            label={texts.views}
            options={
              [
                ['lock', texts.lockScreen],
                ['sms', texts.sms(screen.texts.length)],
              ] as const
            }
            value={view}
            onChange={setView}
          />
        </div>
      )}
      {screen.latest && (
        <More label={texts.payload}>
          <Json value={screen.latest.message} label={texts.payloadOf(heading)} />
        </More>
      )}
    </article>
  );
}

interface FrontProps {
  readonly phone: Phone;
  readonly screen: Screen;
  readonly view: 'lock' | 'sms';
  readonly nowMs: number;
  readonly onDecide: (call: Call, action: CallAction) => void;
}

/** A call covers everything. */
function Front({ phone, screen, view, nowMs, onDecide }: FrontProps) {
  if (screen.call) return <CallScreen call={screen.call} look={phone.look} onDecide={onDecide} />;
  if (view === 'sms') return <SmsThread texts={screen.texts} nowMs={nowMs} />;
  return <LockScreen look={phone.look} cards={screen.cards} badge={screen.badge} nowMs={nowMs} />;
}

/** Decisions of the phone's user about calls: shown at once, and played as CometChat would report them. */
function useDecisions({ uid }: Phone, log: PlayLog) {
  const [decisions, setDecisions] = useState<ReadonlyMap<string, Decision>>(new Map());
  const decide = (call: Call, callAction: CallAction) => {
    const { sessionId, from, conversationId } = call;
    const before = decisions.get(sessionId);
    const set = (decision: Decision | undefined) =>
      setDecisions((known) => {
        const next = new Map(known);
        if (decision === undefined) next.delete(sessionId);
        else next.set(sessionId, decision);
        return next;
      });
    set(callAction === 'ongoing' ? 'ongoing' : 'over');
    const play = async () => {
      const isDone = await log.continueCall(
        { sessionId, from, to: uid, conversationId, callAction },
        textOf(callAction, uid),
      );
      if (!isDone) set(before);
    };
    void play();
  };
  return { decisions, decide };
}

function textOf(action: CallAction, uid: string): string {
  const { answered, declined, hungUp } = words.phones.plays;
  if (action === 'ongoing') return answered(uid);
  return action === 'rejected' ? declined(uid) : hungUp(uid);
}
