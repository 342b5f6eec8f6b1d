import 'reflect-metadata';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { runCommand } from '../../support/command.js';
import { temporaryDirectory } from '../../support/process.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory.remove());

const at = (name: string): string => path.join(directory.path, name);
const init = (name: string, ...args: string[]) => runCommand(['init', '--file', at(name), ...args]);

interface FileJson {
  apps: {
    appId: string;
    region: string;
    webhook: { basicAuth: { password: string }[] };
    clients: { apiKeys: string[] };
  }[];
}
const read = async (name: string): Promise<FileJson> => parse(await readFile(at(name), 'utf8')) as FileJson;

describe('bellhop init', () => {
  it('writes a configuration without a fault, readable by its owner only', async () => {
    const end = await init('a.yaml', '--app', 'my-app', '--region', 'eu');
    expect(end).toMatchObject({ code: 0, stdout: `${at('a.yaml')}\n` });
    expect((await stat(at('a.yaml'))).mode & 0o777).toBe(0o600);
    expect(await read('a.yaml')).toMatchObject({ apps: [{ appId: 'my-app', region: 'eu' }] });
    const env = { BELLHOP_CONFIG: at('a.yaml'), SPOOL_DIR: at('spool') };
    expect(await runCommand(['config', 'check'], env)).toMatchObject({ code: 0 });
    const doctor = await runCommand(['doctor', '--offline', '--json'], { ...env, DATA_DIR: directory.path });
    expect(JSON.parse(doctor.stdout)).toMatchObject({ faults: 0, warnings: 1 });
  });

  it('takes new secrets each time, which CometChat accepts', async () => {
    await init('b.yaml', '--app', 'b');
    await init('c.yaml', '--app', 'b');
    const secretsOf = ({ apps: [app] }: FileJson): (string | undefined)[] => [
      app?.webhook.basicAuth[0]?.password,
      app?.clients.apiKeys[0],
    ];
    const secrets = [...secretsOf(await read('b.yaml')), ...secretsOf(await read('c.yaml'))];
    expect(new Set(secrets).size).toBe(4);
    for (const secret of secrets) expect(secret).toMatch(/^[0-9a-f]{40}$/);
  });

  it('never overwrites a file', async () => {
    await init('d.yaml', '--app', 'd');
    const before = await readFile(at('d.yaml'), 'utf8');
    const again = await init('d.yaml', '--app', 'e', '--json');
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('exists already') });
    expect(await readFile(at('d.yaml'), 'utf8')).toBe(before);
  });

  it.each([
    [[], '--app is missing'],
    [['--app', 'x', '--region', 'mars'], '--region '],
    [['--app', ''], '--app '],
    [['--app', 'x', 'y'], 'bellhop init --help'],
  ])('refuses %j', async (args, problem) => {
    const end = await init('f.yaml', ...args);
    expect(end).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(problem) });
    await expect(stat(at('f.yaml'))).rejects.toThrow('ENOENT');
  });

  it('says that the file cannot be written', async () => {
    const end = await init('missing/g.yaml', '--app', 'g');
    expect(end).toMatchObject({ code: 1, stderr: expect.stringContaining('ENOENT') });
  });
});
