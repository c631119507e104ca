// exdav simulator: a simulated Exchange on its own, for trying EWS programs against.
import { type Command, type CommandInput, numberOption, untilStopped, UsageError } from './command.ts';

export const simulator: Command = {
  name: 'simulator',
  summary: 'run a simulated Exchange server (for tests and trials)',
  usage: '[--port N] [--seed none|small|large|COUNT] [--latency MS] [--admin-port N]',
  help: [
    'Speaks EWS at http://127.0.0.1:PORT/EWS/Exchange.asmx with Basic and NTLM sign-in. Everything lives in memory.',
    '  --port N       TCP port, 8081 unless told; 0 takes a free one',
    '  --seed WHAT    none, small (a believable mailbox), large (10,000 events), or a number of events; small unless told',
    '  --latency MS   delay of every answer in milliseconds, 0 unless told',
    '  --admin-port N serves the admin interface (faults, snapshots, clock, users …) there; see docs/simulator.md',
  ].join('\n'),
  options: {
    port: { type: 'string' },
    seed: { type: 'string' },
    latency: { type: 'string' },
    'admin-port': { type: 'string' },
  },
  async run(input) {
    // Loaded only here: the serving gateway carries no simulator.
    const { startSimulator } = await import('../../../simulator/index.ts');
    const running = await startSimulator({
      ...(input.values['admin-port'] === undefined
        ? {}
        : { adminPort: numberOption(input, 'admin-port', { fallback: 0, max: 65_535 }) }),
      port: numberOption(input, 'port', { fallback: 8081, max: 65_535 }),
      seed: seedOf(input),
      latencyMs: numberOption(input, 'latency', { fallback: 0, max: 60_000 }),
    });
    input.write(`EWS    ${running.url}\n`);
    if (running.adminUrl !== undefined) input.write(`Admin  ${running.adminUrl}/\n`);
    for (const user of running.users) input.write(`User   ${user.address} / ${user.password}\n`);
    input.write('Ctrl-C ends it.\n');
    await untilStopped();
    await running.close();
    return 0;
  },
};

function seedOf(input: CommandInput): 'none' | 'small' | 'large' | number {
  const text = input.values['seed'] ?? 'small';
  if (text === 'none' || text === 'small' || text === 'large') return text;
  if (typeof text === 'string' && /^\d{1,7}$/.test(text)) return Number(text);
  throw new UsageError(`--seed must be none, small, large or a number of events, not "${String(text)}"`);
}
