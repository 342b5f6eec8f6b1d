import { createInterface } from 'node:readline/promises';
import { CommandFailed, EXIT } from './command.js';

/**
 * Asks a question on the terminal, for commands without `--yes`.
 *
 * @param refused the message if the answer is not yes.
 * @throws CommandFailed without a terminal, and if the answer is not yes.
 */
export async function confirm(question: string, refused: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY)
    throw new CommandFailed(EXIT.wrongUsage, 'Without a terminal, confirm with --yes.');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `, { signal }).finally(() => prompt.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailed(EXIT.interrupted, refused);
}
