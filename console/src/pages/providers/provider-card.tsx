import { useMayChange } from '../../api/session.js';
import type { Vendor } from '../../api/vendors.js';
import { Button } from '../../parts/button.js';
import { Card } from '../../parts/card.js';
import { Facts } from '../../parts/facts.js';
import { Line } from '../../parts/line.js';
import { Failure } from '../../parts/notice.js';
import { StateLabel } from '../../parts/state-label.js';
import { Time } from '../../parts/time.js';
import { toast } from '../../parts/toast-list.js';
import { VendorSwitch } from '../../parts/vendor-switch.js';
import { words } from '../../words.js';
import { AttemptTable } from './attempt-table.js';
import { CheckFacts } from './check-facts.js';
import { CodeTable } from './code-table.js';
import type { Provider } from '../../api/providers.js';
import { useCheck } from './queries.js';
import { ReachFacts } from './reach-facts.js';
import styles from './providers.module.css';

const text = words.providers;

interface ProviderCardProps {
  readonly provider: Provider;
  /** The time in ms at which it was read. */
  readonly readAtMs: number;
  /** Set for a sandbox. */
  readonly vendor: Vendor | undefined;
  readonly onRelease: () => void;
  readonly onTest: () => void;
}

/** One account: its breaker, whom it reaches, its last check, its attempts and the vendor's last answers, its actions. */
export function ProviderCard({ provider, readAtMs, vendor, onRelease, onTest }: ProviderCardProps) {
  const { id, type, environment, state, check, codes } = provider;
  const mayChange = useMayChange();
  return (
    <Card
      heading={id}
      aside={
        <>
          <StateLabel kind="breaker" state={state} />
          {check && <StateLabel kind="check" state={check.outcome} />}
        </>
      }
      actions={mayChange && <Actions {...{ provider, onRelease, onTest }} />}
    >
      <div className={styles.facts}>
        <Facts
          facts={[
            [text.type, environment === null ? type : `${type} (${environment})`],
            [text.breakers, provider.breakers.length > 0 ? <Breakers {...{ provider, readAtMs }} /> : null],
          ]}
        />
        <ReachFacts provider={provider} />
        <CheckFacts check={check} />
      </div>
      <AttemptTable {...provider} />
      <CodeTable id={id} codes={codes} />
      {vendor && <VendorSwitch vendor={vendor} name={text.vendor} />}
    </Card>
  );
}

/** The breakers that are not closed, and when each lets a delivery through. */
function Breakers({ provider, readAtMs }: Pick<ProviderCardProps, 'provider' | 'readAtMs'>) {
  return (
    <ul className={styles.breakers}>
      {provider.breakers.map(({ account, state, probeInMs, failures }) => (
        <li key={account}>
          <Line>
            <StateLabel kind="breaker" state={state} />
            <code>{account}</code>
          </Line>
          <span className="quiet">
            {probeInMs > 0 ? (
              <>
                {text.probe} <Time at={new Date(readAtMs + probeInMs).toISOString()} isRelative />
              </>
            ) : (
              text.probeDue
            )}
            {', '}
            {text.failures(failures)}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Actions({
  provider,
  onRelease,
  onTest,
}: Pick<ProviderCardProps, 'provider' | 'onRelease' | 'onTest'>) {
  const check = useCheck(provider);
  const run = () =>
    check.mutate(undefined, {
      onSuccess: ({ outcome, accounts }) => {
        if (outcome === null) toast.done(text.checkPending, text.checkPendingText);
        else
          toast.done(
            outcome === 'ok' ? text.checkedOk : text.checkedOther,
            accounts[0]?.check?.text ?? undefined,
          );
      },
    });
  return (
    <>
      {check.isError && <Failure title={text.checkFailed} error={check.error} />}
      <Button icon="refresh" isBusy={check.isPending} onClick={run}>
        {text.checkNow}
      </Button>
      {provider.state !== 'closed' && (
        <Button icon="play" onClick={onRelease}>
          {text.release}
        </Button>
      )}
      <Button icon="bell" onClick={onTest}>
        {words.test.button}
      </Button>
    </>
  );
}
