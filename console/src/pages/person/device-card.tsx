import { useEffect, useRef, type ReactNode } from 'react';
import { Facts, type Fact } from '../../parts/facts.js';
import { words } from '../../words.js';
import { deviceName } from './device-names.js';
import styles from './person.module.css';
import type { RetiredDevice, UserDevice } from './queries.js';

interface DeviceCardProps {
  readonly device: UserDevice | RetiredDevice;
  /** Its state as a label. */
  readonly state: ReactNode;
  /** Facts of its state, before those of the device. */
  readonly facts: readonly Fact[];
  readonly actions?: ReactNode;
  /** The page was opened for it. */
  readonly isNamed: boolean;
}

/** One device with its facts; undefined facts are left out. */
export function DeviceCard({ device, state, facts, actions, isNamed }: DeviceCardProps) {
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isNamed) card.current?.scrollIntoView({ block: 'center' });
  }, [isNamed]);
  return (
    <li ref={card} className={styles.card} data-device={device.id} data-named={isNamed}>
      <div className={styles.cardHead}>
        <h3>{deviceName(device)}</h3>
        {state}
      </div>
      <Facts
        facts={[
          ...facts,
          [words.person.facts.provider, device.providerId],
          [words.person.facts.token, <code key="token">{device.pushToken}</code>],
          [words.person.facts.session, device.sessionId],
          [words.person.facts.timezone, device.timezone],
        ]}
      />
      {actions !== undefined && actions !== false && <div className={styles.actions}>{actions}</div>}
    </li>
  );
}
