// Debian's python3-exchangelib, unmodified, against the simulated Exchange, over Basic and over NTLM.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { startSimulator } from '../../../simulator/index.ts';
import { openEnvelopeCheck, type EnvelopeCheck } from '../../simulator/envelopes.ts';

/** A Python that has exchangelib; undefined: none here. Debian's own first, another may stand before it in PATH. */
export const python: string | undefined = ['/usr/bin/python3', 'python3'].find(
  (candidate) => spawnSync(candidate, ['-c', 'import exchangelib']).status === 0,
);

export interface Outcome {
  /** Names of the checks that passed. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** Everything that was printed. */
  readonly output: string;
  readonly envelopes: EnvelopeCheck;
  readonly sent: number;
}

export async function runExchangelib(auth: 'basic' | 'NTLM'): Promise<Outcome> {
  const envelopes = openEnvelopeCheck();
  const simulator = await startSimulator({
    seed: 'none',
    envelope: (direction, xml) => envelopes.check(direction, xml),
  });
  try {
    const output = await outputOf('checks.py', [
      simulator.url,
      auth,
      userOf(auth),
      'alice',
      'alice@example.test',
    ]);
    return {
      ...checksIn(output),
      output,
      envelopes,
      sent: simulator.sentMessages().length,
    };
  } finally {
    await simulator.close();
  }
}

/** Names, groups, rooms, options, impersonation, tokens, autodiscover. */
export async function runDirectory(): Promise<Omit<Outcome, 'sent'>> {
  const envelopes = openEnvelopeCheck();
  const simulator = await startSimulator({
    seed: 'small',
    schemes: ['bearer', 'ntlm', 'basic'],
    envelope: (direction, xml) => envelopes.check(direction, xml),
  });
  try {
    simulator.allowImpersonation('bob@example.test', ['alice@example.test']);
    simulator.world.policy.autodiscover.set('moved@example.test', {
      kind: 'redirectAddr',
      address: 'alice@example.test',
    });
    const tokenUrl = simulator.url.replace(/EWS.*/, 'oauth/token');
    const output = await outputOf('directory.py', [simulator.url, tokenUrl]);
    return { ...checksIn(output), output, envelopes };
  } finally {
    await simulator.close();
  }
}

/** What exchangelib sees in the small seed: one JSON object. */
export async function readSeeded(): Promise<{ readonly output: string; readonly envelopes: EnvelopeCheck }> {
  const envelopes = openEnvelopeCheck();
  const simulator = await startSimulator({
    seed: 'small',
    envelope: (direction, xml) => envelopes.check(direction, xml),
  });
  try {
    const args = [simulator.url, 'alice@example.test', 'alice', 'alice@example.test'];
    return { output: await outputOf('seeded.py', args), envelopes };
  } finally {
    await simulator.close();
  }
}

function checksIn(output: string): Pick<Outcome, 'passed' | 'failed'> {
  const named = (pattern: RegExp): string[] => [...output.matchAll(pattern)].map(([, name]) => name ?? '');
  return { passed: named(/^ok (\w+)/gm), failed: named(/^not ok (\w+)/gm) };
}

/** NTLM is tried with a domain, Basic with the address. */
function userOf(auth: 'basic' | 'NTLM'): string {
  return auth === 'NTLM' ? 'EXAMPLE\\alice' : 'alice@example.test';
}

function outputOf(name: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, name);
    const child = spawn(python ?? 'python3', ['-W', 'ignore', script, ...args], {
      env: {
        ...process.env,
        TZ: 'Europe/Berlin',
        NO_PROXY: '127.0.0.1',
        no_proxy: '127.0.0.1',
        OAUTHLIB_INSECURE_TRANSPORT: '1',
      },
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
