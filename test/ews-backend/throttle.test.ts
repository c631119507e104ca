// Back-off and width of one account, on a clock of the test's own.
import { describe, expect, it } from 'vitest';
import { openThrottle, type Throttle } from '../../src/ews-backend/throttle.ts';
import { BackendError } from '../../src/model/failure.ts';

function openAtClock(width = 4): { throttle: Throttle; clock: { now: number }; slept: number[] } {
  const clock = { now: 0 };
  const slept: number[] = [];
  const throttle = openThrottle({
    width,
    now: () => clock.now,
    sleep: (ms) => {
      slept.push(ms);
      clock.now += ms;
      return Promise.resolve();
    },
  });
  return { throttle, clock, slept };
}

const work = () => Promise.resolve('done');

describe('throttle', () => {
  it('waits for short back-offs', async () => {
    const { throttle, slept } = openAtClock();
    throttle.busy(1_500);
    expect(await throttle.run(work)).toBe('done');
    expect(slept).toEqual([1_500]);
  });

  it('refuses at once, with the time left, when the wait is long', async () => {
    const { throttle, clock } = openAtClock();
    throttle.busy(30_000);
    clock.now = 10_000;
    const error: unknown = await throttle.run(work).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BackendError);
    expect((error as BackendError).failure).toMatchObject({ kind: 'busy', retryAfterMs: 20_000 });
    clock.now = 30_000;
    expect(await throttle.run(work)).toBe('done');
  });

  it('waits longer each time when the server names no time', () => {
    const { throttle } = openAtClock();
    expect([1, 2, 3, 4, 5].map(() => throttle.busy())).toEqual([5_000, 10_000, 20_000, 40_000, 60_000]);
    throttle.answered();
    expect(throttle.busy()).toBe(5_000);
  });

  it('never shortens a back-off', async () => {
    const { throttle } = openAtClock();
    throttle.busy(60_000);
    throttle.busy(1_000);
    await expect(throttle.run(work)).rejects.toMatchObject({ failure: { retryAfterMs: 60_000 } });
  });

  it('waits no longer than a quarter of an hour, whatever the server asks', () => {
    expect(openAtClock().throttle.busy(999_999_999)).toBe(900_000);
  });

  it('halves its width when busy and grows back slowly', () => {
    const { throttle } = openAtClock(4);
    throttle.busy(1);
    expect(throttle.width()).toBe(2);
    throttle.busy(1);
    throttle.busy(1);
    expect(throttle.width()).toBe(1);
    for (let count = 0; count < 20; count += 1) throttle.answered();
    expect(throttle.width()).toBe(2);
    for (let count = 0; count < 200; count += 1) throttle.answered();
    expect(throttle.width()).toBe(4);
  });

  it('holds calls beyond twice the width, in order, and lets one that gave up go', async () => {
    const { throttle } = openAtClock(1);
    const finish: (() => void)[] = [];
    const order: number[] = [];
    const stop = new AbortController();
    const start = (index: number, signal?: AbortSignal) =>
      throttle.run(
        () =>
          new Promise<void>((resolve) => {
            order.push(index);
            finish.push(resolve);
          }),
        signal,
      );
    const calls = [start(0), start(1), start(2, stop.signal), start(3)];
    await new Promise((resolve) => setTimeout(resolve));
    expect(order).toEqual([0, 1]);
    stop.abort(new Error('enough'));
    await expect(calls[2]).rejects.toThrow('enough');
    finish[0]?.();
    await new Promise((resolve) => setTimeout(resolve));
    expect(order).toEqual([0, 1, 3]);
    for (const end of finish) end();
    await Promise.all([calls[0], calls[1], calls[3]]);
  });
});
