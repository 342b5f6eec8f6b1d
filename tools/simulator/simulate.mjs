// `npm run simulate`: simulates CometChat against a running gateway, by HTTP only. `-- --help` lists the options.
import cliProgress from 'cli-progress';
import { conversation, documentedPayloads, recipientsOf } from './events.mjs';
import { Gateway } from './gateway.mjs';
import { readOptions, USAGE } from './options.mjs';
import { post } from './posting.mjs';
import { report } from './report.mjs';
import { awaitSettled } from './settling.mjs';

/** @param {string} title @param {number} total */
function progressBar(title, total) {
  const bar = new cliProgress.SingleBar(
    { format: `${title.padEnd(11)} {bar} {value}/{total} in {duration_formatted}`, hideCursor: true },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0);
  return bar;
}

/** @param {import('./options.mjs').Options} options @returns {Promise<boolean>} whether every webhook was accepted and settled */
async function simulate(options) {
  const run = Date.now().toString(36);
  const events = options.group > 0 ? conversation(options, run) : await documentedPayloads(options, run);
  const gateway = new Gateway(options);
  try {
    if (options.register) {
      const people = recipientsOf(events);
      const bar = progressBar('registering', people.length);
      await gateway.register(people, () => bar.increment()).finally(() => bar.stop());
    }
    const startedAt = performance.now();
    const since = new Date(Date.now() - 60_000);
    const posting = progressBar('posting', events.length);
    const posted = await post(
      events,
      options,
      (event) => gateway.post(event),
      () => posting.increment(),
    ).finally(() => posting.stop());
    const accepted = posted.answers.flatMap((answer) =>
      'notificationId' in answer && !answer.duplicate ? [answer] : [],
    );
    const settling = progressBar('settling', accepted.length);
    const ids = accepted.map(({ notificationId }) => notificationId);
    const notifications = await awaitSettled(gateway, ids, since, options.timeoutMs, (count) =>
      settling.update(count),
    ).finally(() => settling.stop());
    const { text, isGood } = report(posted, notifications, performance.now() - startedAt);
    console.log(`\n${text}`);
    return isGood;
  } finally {
    await gateway.close();
  }
}

const options = readOptions(process.argv.slice(2), process.env);
if ('fault' in options) {
  console.error(`${options.fault}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(USAGE);
} else {
  try {
    process.exitCode = (await simulate(options)) ? 0 : 1;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
