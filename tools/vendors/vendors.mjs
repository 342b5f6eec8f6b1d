// `npm run vendors`: local servers in place of every vendor and CometChat, to rehearse with. `-- --help` lists the options;
// docs/vendors.md describes it. Requires the development packages.
import '../../scripts/typescript/register.mjs';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';

const USAGE = `Starts local servers in place of every vendor and of CometChat's REST API, as strict as the real ones.

  npm run vendors -- --write bellhop.vendors.yaml
  BELLHOP_CONFIG=bellhop.vendors.yaml npm start

  --write PATH         write the configuration of a gateway that uses them; unset: print it
  --port N             control port; the vendors use the following ones (9400; 0: any free ports)
  --fault FAULT        start with a fault: VENDOR=ANSWER or VENDOR=ANSWER:TIMES; may be repeated
  --quiet              do not print counts when they change`;

const SHOW_EVERY_MS = 2_000;
const HIGHEST_PORT = 65_000;

/** @typedef {{ help: boolean, write: string | undefined, port: number, faults: string[], quiet: boolean }} Options */

/** @param {string[]} args @returns {Options | { fault: string }} */
function readOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        write: { type: 'string' },
        port: { type: 'string', default: '9400' },
        fault: { type: 'string', multiple: true, default: [] },
        quiet: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > HIGHEST_PORT)
    return { fault: `--port ${values.port}: no port` };
  const { help, write, fault: faults, quiet } = values;
  return { help, write, port, faults, quiet };
}

/** Body of `POST /faults` from `VENDOR=ANSWER:TIMES`. @param {string} text */
function faultOf(text) {
  const [, vendor, answer, times] = /^([^=]+)=([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  return JSON.stringify({ vendor, answer, ...(times === undefined ? {} : { times: Number(times) }) });
}

/** @param {Options} options */
async function run({ write, port, faults, quiet }) {
  const { startAllVendors, VENDORS } = await import('../../test/support/all-vendors.js');
  const { readFaultRequest, VendorsControl } = await import('../../test/support/vendors-control.js');
  const requests = faults.map((text) => readFaultRequest(faultOf(text)));
  const invalid = requests.find((request) => typeof request === 'string');
  if (invalid !== undefined) throw new Error(`--fault: ${invalid}`);

  const vendors = await startAllVendors(port === 0 ? undefined : port + 1);
  const control = await VendorsControl.start(vendors, port);
  for (const request of requests) if (typeof request !== 'string') control.obey(request);
  const config = stringify({ apps: [vendors.app] }, { lineWidth: 0 });
  if (write === undefined) console.log(config);
  else await writeFile(write, config, { mode: 0o600 });
  for (const name of VENDORS) console.log(`${name.padEnd(13)} ${vendors.each[name].vendor.url}`);
  console.log(`cometchat     ${vendors.cometchat.url}`);
  console.log(`steered at    ${control.url}`);
  if (write !== undefined) console.log(`\nBELLHOP_CONFIG=${write} npm start`);

  let shown = '';
  const timer = setInterval(() => {
    const counts = Object.entries(control.counts()).filter(([, { asked }]) => asked > 0);
    const line = counts.map(([name, { asked, taken }]) => `${name} ${taken}/${asked}`).join('  ');
    if (line !== shown && !quiet) console.log(`taken/asked   ${line}`);
    shown = line;
  }, SHOW_EVERY_MS);

  const stop = async () => {
    clearInterval(timer);
    await control.close();
    await vendors.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop());
}

const options = readOptions(process.argv.slice(2));
if ('fault' in options) {
  console.error(`${options.fault}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (options.help) {
  console.log(USAGE);
} else {
  await run(options).catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
