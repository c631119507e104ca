// One example after the other, each on the same fresh state: what is asked, what comes, and what differs.
import type { Simulator } from '../../../simulator/index.ts';
import { childOf, textOf } from '../../../src/xml/index.ts';
import { call, path, post, replyOf, type CallOptions, type Reply } from '../soap-client.ts';
import { readPairs, type Pair } from './pairs.ts';
import { differences } from './shape.ts';
import { staged } from './stage.ts';
import { written } from './trees.ts';

export interface Asked {
  readonly pair: Pair;
  /** "GetItem 05: Items/Message/-MimeContent"; `!` after the number: recorded from a real server. */
  readonly differences: readonly string[];
}

export async function askAll(simulator: Simulator): Promise<readonly Asked[]> {
  simulator.addUser('dave@example.test', 'dave', 'Dave');
  const fresh = simulator.save();
  const asked: Asked[] = [];
  for (const pair of readPairs()) {
    simulator.restore(fresh);
    const name = `${pair.name}${pair.isReal ? '!' : ''}`;
    const found = await differencesOf(simulator, pair);
    asked.push({ pair, differences: found.map((one) => `${name}: ${short(one)}`) });
  }
  return asked;
}

async function differencesOf(simulator: Simulator, pair: Pair): Promise<readonly string[]> {
  const body = await staged(simulator, pair);
  const zone = childOf(pair.header, 'TimeZoneContext');
  const ask = pair.operation === 'GetStreamingEvents' ? firstNotification : call;
  const reply = await ask(simulator, body, {
    version: childOf(pair.header, 'RequestServerVersion')?.attrs['Version'] ?? 'Exchange2007_SP1',
    header: zone === undefined ? '' : written(zone),
  });
  if (reply.body.name === 'Fault') return [`= fault ${path(reply.body, 'detail/ResponseCode')}`];
  if (pair.response !== undefined) return differences(pair.response, reply.body);
  // Nothing recorded: then it must at least work.
  const codes = reply.messages.map(({ code }) => code).filter((code) => code !== 'NoError');
  return codes.length === 0
    ? []
    : [`= ${[...new Set(codes)].join()} ${textOf(childOf(reply.messages[0]?.element, 'MessageText'))}`];
}

/** The second envelope of a stream: the first one only says OK. */
async function firstNotification(simulator: Simulator, body: string, options: CallOptions): Promise<Reply> {
  const response = await post(simulator, body, options);
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    const [, second] = text.split(/(?=<\?xml)/);
    if (second?.includes('</s:Envelope>') === true) return replyOf(response.status, second);
    if (text.includes('Error')) break;
  }
  return replyOf(response.status, text);
}

function short(difference: string): string {
  return difference.replace(/^ResponseMessages\/\w+ResponseMessage\//, '');
}
