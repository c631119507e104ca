import { expect, it } from 'vitest';
import { childOf, childrenOf, textOf } from '../../../src/xml/index.ts';
import { writeFileSync } from 'node:fs';
import type { Simulator } from '../../../simulator/index.ts';
import { start, call, path, post, replyOf, type CallOptions, type Reply } from '../soap-client.ts';
import { readPairs } from './pairs.ts';
import { differences } from './shape.ts';
import { staged, written } from './stage.ts';

async function streamed(sim: Simulator, body: string, options: CallOptions): Promise<Reply> {
  const response = await post(sim, body, options);
  let text = '';
  for await (const chunk of response.body!) {
    text += Buffer.from(chunk).toString();
    const envelopes = text.split(/(?=<\?xml)/);
    if (envelopes.length > 1 || text.includes('Fault') || text.includes('Error')) {
      text = envelopes.at(-1)!;
      break;
    }
  }
  return replyOf(response.status, text);
}
it('x', async () => {
  const sim = await start();
  const first = sim.save();
  const out: string[] = [];
  const bodies: string[] = [];
  const pairs = readPairs();
  for (const pair of pairs) {
    sim.restore(first);
    await new Promise((r) => setTimeout(r, 1));
    try {
      const body = await staged(sim, pair);
      const version = childOf(pair.header, 'RequestServerVersion')?.attrs['Version'];
      const zone = childOf(pair.header, 'TimeZoneContext');
      const reply = await (pair.operation === 'GetStreamingEvents' ? streamed : call)(sim, body, {
        version: version ?? 'Exchange2007_SP1',
        header: zone === undefined ? '' : written(zone),
      });
      bodies.push(`==== ${pair.name}\n${body}\n---\n${reply.text}`);
      if (pair.response === undefined) {
        const code =
          reply.messages.map((m) => m.code).join() ||
          (reply.body.name === 'Fault'
            ? `fault ${path(reply.body, 'detail/ResponseCode')} ${path(reply.body, 'faultstring')}`
            : textOf(reply.body).slice(0, 80));
        if (!/^(NoError,?)+$/.test(code))
          out.push(`${pair.name}${pair.isReal ? '!' : ''}: = ${code.slice(0, 200)}`);
      } else
        for (const d of differences(pair.response, reply.body))
          out.push(`${pair.name}${pair.isReal ? '!' : ''}: ${d}`);
    } catch (error) {
      out.push(`${pair.name}: CRASH ${String((error as Error).stack).slice(0, 400)}`);
    }
  }
  writeFileSync('/tmp/diffs.txt', out.join('\n'));
  writeFileSync('/tmp/bodies.txt', bodies.join('\n'));
  await sim.close();
});
