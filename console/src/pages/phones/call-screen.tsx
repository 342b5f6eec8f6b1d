import { useMayChange } from '../../api/session.js';
import { Icon } from '../../parts/icon.js';
import { words } from '../../words.js';
import type { Phone } from './phone-list.js';
import type { CallAction } from './queries.js';
import type { Call } from './screen.js';
import styles from './call-screen.module.css';

const texts = words.phones.call;

interface CallScreenProps {
  readonly call: Call;
  readonly look: Phone['look'];
  readonly onDecide: (call: Call, action: CallAction) => void;
}

/** A call over the whole phone. */
export function CallScreen({ call, look, onDecide }: CallScreenProps) {
  const { name, state, isVideo } = call;
  return (
    <div className={styles.screen} data-look={look}>
      <p>{state === 'ringing' ? texts.incoming(isVideo) : texts.ongoing}</p>
      <p className={styles.caller} dir="auto">
        {name}
      </p>
      <span className={styles.face} data-state={state} aria-hidden="true">
        {[...name][0]?.toUpperCase()}
      </span>
      <CallButtons call={call} onDecide={onDecide} />
    </div>
  );
}

/** Answer and decline, or hang up. */
export function CallButtons({ call, onDecide }: Pick<CallScreenProps, 'call' | 'onDecide'>) {
  if (!useMayChange()) return null;
  return (
    <div className={styles.buttons}>
      {call.state === 'ringing' ? (
        <>
          <button type="button" data-act="decline" onClick={() => onDecide(call, 'rejected')}>
            <Icon name="cross" />
            {texts.decline}
          </button>
          <button type="button" data-act="answer" onClick={() => onDecide(call, 'ongoing')}>
            <Icon name="call" />
            {texts.answer}
          </button>
        </>
      ) : (
        <button type="button" data-act="decline" onClick={() => onDecide(call, 'ended')}>
          <Icon name="cross" />
          {texts.hangUp}
        </button>
      )}
    </div>
  );
}
