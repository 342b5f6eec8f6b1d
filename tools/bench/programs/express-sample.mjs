// A receiver like the sample on CometChat's page about custom providers: Express requires Basic credentials without
// verifying them, parses the body, answers, and stores nothing.
// https://www.cometchat.com/docs/notifications/custom-providers
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

/**
 * The part of Express used here, which has no types.
 *
 * @typedef {{ headers: Record<string, string | undefined>, body: { data: { to: { uid: unknown } } } }} Request
 * @typedef {{ status: (code: number) => { json: (body: object) => void } }} Response
 * @typedef {(request: Request, response: Response, next: () => void) => void} Handler
 * @typedef {object} App
 * @property {(handler: Handler) => void} use
 * @property {(path: string, handler: Handler) => void} post
 * @property {(port: number, host: string, backlog: number, done: () => void) => import('node:http').Server} listen
 */

const require = createRequire(import.meta.url);
const express = /** @type {{ (): App, json: () => Handler }} */ (require('express'));
const app = express();
app.use(express.json());
app.use(({ headers }, response, next) => {
  if (headers['authorization']?.startsWith('Basic ')) next();
  else response.status(401).json({ message: 'Unauthorized' });
});
app.post('/webhooks/cometchat/push', ({ body }, response) => {
  if (typeof body.data.to.uid !== 'string') throw new Error('The body was not parsed.');
  response
    .status(200)
    .json({ message: 'Webhook received successfully', notificationId: randomUUID(), duplicate: false });
});
const server = app.listen(0, '127.0.0.1', 4_096, () => {
  const address = server.address();
  if (typeof address === 'object' && address) process.send?.({ url: `http://127.0.0.1:${address.port}` });
});
process.on('disconnect', () => process.exit(0));
