// The whole stack in this process: mutated requests to the gateway, and answers of the simulated Exchange mutated on their way.
import { type Answer, asCalendar, asCard, openStage, type Stage } from '../gateway/stage.ts';
import { damaged } from './bytes.ts';
import { davBodies, davRequests, headers, methods, pathParts, type DavRequest } from './dav-requests.data.ts';
import { mutatedLines } from './lines.ts';
import { mutatedMarkup } from './markup.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { randomOf, type Random } from './random.ts';
import type { Seeds } from './seeds.ts';
import { Finding, type Target } from './target.ts';

export interface StackTargets {
  readonly list: readonly Target[];
  rest(): Promise<void>;
}

interface Spoilt {
  readonly stage: Stage;
  readonly proxy: Proxy;
}

/** A case is JSON: what is asked, and by which chance answers are damaged. */
interface StackCase {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body?: string;
  readonly damage?: number;
}

export function stackTargets(seeds: Seeds): StackTargets {
  let direct: Promise<Stage> | undefined;
  let spoilt: Promise<Spoilt> | undefined;
  return {
    list: [
      {
        name: 'request',
        weight: 15,
        open: () => (direct ??= openDirect(seeds)),
        make: (random) => Buffer.from(JSON.stringify(mutatedRequest(seeds, random))),
        run: async (input) => {
          const stage = await (direct ??= openDirect(seeds));
          judgeRequest(stage, await ask(stage, JSON.parse(input.toString()) as StackCase));
        },
      },
      {
        name: 'answer',
        weight: 5,
        open: () => (spoilt ??= openSpoilt(seeds)),
        make: (random) =>
          Buffer.from(JSON.stringify({ ...plain(seeds, random), damage: random.below(1 << 30) })),
        run: async (input) =>
          tryAnswer(await (spoilt ??= openSpoilt(seeds)), JSON.parse(input.toString()) as StackCase),
      },
    ],
    async rest() {
      const [stage, other] = [await direct, await spoilt];
      direct = undefined;
      spoilt = undefined;
      await other?.proxy.close();
      // Every envelope that the gateway has sent was valid.
      await stage?.stop();
      await other?.stage.stop();
    },
  };
}

const settings = { EXDAV_LOG_LEVEL: 'info' };

async function openDirect(seeds: Seeds): Promise<Stage> {
  const stage = await openStage({ settings });
  await fill(stage, seeds);
  return stage;
}

async function openSpoilt(seeds: Seeds): Promise<Spoilt> {
  const proxy = await openProxy();
  const stage = await openStage({ settings: { ...settings, EXDAV_EWS_URL: proxy.url } });
  proxy.lead(stage.simulator.url);
  await fill(stage, seeds);
  return { stage, proxy };
}

async function fill(stage: Stage, seeds: Seeds): Promise<void> {
  for (const [index, request] of davRequests.puts.entries()) {
    const isCard = request.target.endsWith('.vcf');
    const texts = isCard ? seeds.cards : seeds.calendars;
    const body = texts[(index * 7) % texts.length] ?? '';
    await stage.ask('PUT', request.target, { body, headers: isCard ? asCard : asCalendar });
  }
}

async function tryAnswer({ stage, proxy }: Spoilt, asked: StackCase): Promise<void> {
  stage.advance();
  proxy.arm(randomOf(asked.damage ?? 0, 0));
  try {
    const answer = await ask(stage, asked);
    judgeAnswered(stage, answer);
    proxy.disarm();
    // An account that was told to wait, or a password that was refused, is not tried again for a while.
    if (answer.status === 503 || answer.status === 401) await stage.restart();
  } catch (error) {
    throw new Finding(`${String(error)}\n${proxy.spoilt()}`, { cause: error });
  } finally {
    proxy.disarm();
  }
}

function plain(seeds: Seeds, random: Random): StackCase {
  const all = [...davRequests.xml, ...davRequests.bare, ...davRequests.text, ...davRequests.puts];
  return caseOf(random.pick(all), seeds, { random, isDamaged: false });
}

function mutatedRequest(seeds: Seeds, random: Random): StackCase {
  const sort = random.pick(['xml', 'xml', 'puts', 'puts', 'text', 'bare'] as const);
  const made = caseOf(random.pick(davRequests[sort]), seeds, { random, isDamaged: random.chance(0.85) });
  const extra = random.chance(0.3) ? random.pick(headers) : undefined;
  return {
    ...made,
    method: random.chance(0.08) ? random.pick(methods) : made.method,
    target: random.chance(0.2) ? mutatedTarget(made.target, random) : made.target,
    headers: extra === undefined ? made.headers : { ...made.headers, [extra[0]]: extra[1] },
  };
}

function caseOf(
  request: DavRequest,
  seeds: Seeds,
  { random, isDamaged }: { random: Random; isDamaged: boolean },
): StackCase {
  const body = bodyOf(request, seeds, { random, isDamaged });
  return {
    method: request.method,
    target: request.target,
    headers: request.headers ?? {},
    ...(body !== undefined && { body: body.toString('base64') }),
  };
}

function bodyOf(
  { method, target, body }: DavRequest,
  seeds: Seeds,
  { random, isDamaged }: { random: Random; isDamaged: boolean },
): Buffer | undefined {
  if (method === 'PUT' && body === undefined) {
    const texts = target.endsWith('.vcf') ? seeds.cards : seeds.calendars;
    return isDamaged ? mutatedLines(texts, random) : Buffer.from(random.pick(texts));
  }
  if (body === undefined) return undefined;
  if (!isDamaged) return Buffer.from(body);
  if (body.startsWith('<')) return mutatedMarkup([body, body, random.pick(davBodies)], random);
  return random.chance(0.5) ? mutatedLines([body], random) : damaged(Buffer.from(body), random);
}

function mutatedTarget(target: string, random: Random): string {
  const parts = target.split('/');
  const at = 1 + random.below(parts.length);
  const changed = random.chance(0.5)
    ? parts.toSpliced(at, 1, random.pick(pathParts))
    : parts.toSpliced(at, 0, random.pick(pathParts));
  const path = changed.join('/');
  return path.startsWith('/') ? path : `/${path}`;
}

const deadlineMs = 30_000;

function ask(stage: Stage, asked: StackCase): Promise<Answer> {
  return stage.ask(asked.method, asked.target, {
    headers: asked.headers,
    signal: AbortSignal.timeout(deadlineMs),
    ...(asked.body !== undefined && { body: Buffer.from(asked.body, 'base64') }),
  });
}

/** What no method means, what does not fit and a Destination that is not here are said so (RFC 9110 §15.6.2, RFC 4918 §11.5, §9.8.5). */
const honest: ReadonlySet<number> = new Set([501, 502, 507]);

/** A client's mistakes are no failure of ours. */
function judgeRequest(stage: Stage, answer: Answer): void {
  if (answer.status >= 500 && !honest.has(answer.status))
    throw new Finding(`${answer.status} for what a client sent: ${causeOf(stage, answer)}`);
  const [inner] = /HTTP\/1\.1 5\d\d(?<!50[17])[^<]*/.exec(answer.text) ?? [];
  if (answer.status === 207 && inner !== undefined) throw new Finding(`${inner} inside of a multistatus`);
  demandId(answer);
}

/** Whatever Exchange says, there is an answer, and the log says why it is none of success. */
function judgeAnswered(stage: Stage, answer: Answer): void {
  if (answer.status >= 500 && !honest.has(answer.status)) causeOf(stage, answer);
  demandId(answer);
}

function demandId({ status, headers: got }: Answer): void {
  // What is no HTTP never reaches the gateway's own code.
  if (got['x-request-id'] === undefined && status !== 400 && status !== 431)
    throw new Finding(`an answer ${status} without a request id`);
}

/** @throws Finding when nothing is logged */
function causeOf(stage: Stage, answer: Answer): string {
  const id = answer.headers['x-request-id'];
  const line = stage.lines().findLast((each) => each['requestId'] === id && each['err'] !== undefined);
  if (id === undefined || line === undefined) throw new Finding(`${answer.status} without a logged cause`);
  return JSON.stringify(line['err']);
}
