// docs/simulator.md: its commands are run as they stand there (ports aside), its program too, and its lists are complete.
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultKinds } from '../../../simulator/faults.ts';
import { operations } from '../../../simulator/operations/index.ts';
import { levels } from '../../../simulator/state/index.ts';

const root = resolve(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docs/simulator.md'), 'utf8');
const blocks = (language: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(
    ([, block]) => block ?? '',
  );
const [started = '', ...commands] = blocks('sh');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

let running: ChildProcess;
const ports: Record<string, string> = {};

beforeAll(async () => {
  const options = started
    .replace('npm run simulator --', '')
    .replaceAll(/\b808\d\b/g, '0')
    .trim()
    .split(/\s+/);
  running = spawn(process.execPath, [join(root, 'bin/exdav.ts'), 'simulator', ...options], { cwd: root });
  let said = '';
  for await (const chunk of running.stdout ?? []) {
    said += String(chunk);
    if (said.includes('Ctrl-C')) break;
  }
  ports['8081'] = /^EWS\s+\S+:(\d+)\//m.exec(said)?.[1] ?? '';
  ports['8082'] = /^Admin\s+\S+:(\d+)\//m.exec(said)?.[1] ?? '';
}, 60_000);
afterAll(() => {
  running.kill();
});

const onPorts = (command: string): string =>
  command.replaceAll(/:(808\d)\b/g, (_, port: string) => `:${ports[port]}`);

describe('commands', () => {
  it('starts as documented', () => {
    expect(ports).toEqual({ 8081: expect.stringMatching(/^\d+$/), 8082: expect.stringMatching(/^\d+$/) });
  });

  it.skipIf(!hasCurl)('curl does what is said (needs curl)', () => {
    expect(commands.length).toBeGreaterThan(6);
    for (const block of commands) {
      const whole = block.startsWith('curl -s --user')
        ? [block.trim()]
        : block.split('\n').filter((line) => line !== '');
      for (const command of whole) {
        const answer = execFileSync('sh', ['-c', `${onPorts(command)} -w '\n%{http_code}'`], {
          encoding: 'utf8',
          maxBuffer: 64 * 1024 * 1024,
        });
        expect([command, /\n20[04]$/.test(answer), answer.includes('"error"')]).toEqual([
          command,
          true,
          false,
        ]);
      }
    }
  });

  it('the program runs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const [program = ''] = blocks('ts');
    const file = join(folder, 'program.ts');
    writeFileSync(
      file,
      program.replace("'./simulator/index.ts'", JSON.stringify(join(root, 'simulator/index.ts'))),
    );
    const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('/EWS/Exchange.asmx');
  });
});

describe('lists', () => {
  it('name every operation, fault, level and request', async () => {
    const flat = text.replaceAll(/\s+/g, ' ');
    expect(flat).toContain(`${Object.keys(operations).join(', ')}.`);
    for (const [kind, does] of Object.entries(faultKinds)) {
      expect(text).toContain(`\`${kind}\``);
      expect(flat).toContain(does);
    }
    for (const level of Object.keys(levels)) expect(text).toContain(`\`${level}\``);
    const response = await fetch(`http://127.0.0.1:${ports['8082']}/`);
    const { routes } = (await response.json()) as { routes: string[] };
    for (const route of routes) expect(text).toContain(`\`${route.slice(0, route.indexOf(': '))}\``);
  });
});
