// The stream of events, and loading under it.
import { effectScope, nextTick, ref } from 'vue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError, problemOf } from '@/api/errors';
import { connect } from '@/state/live';
import { useResource } from '@/state/resource';

class Stream extends EventTarget {
  closed = false;
  close(): void {
    this.closed = true;
  }
  send(type: string, data?: string): void {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }
}

describe('live', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function listen() {
    const opened: Stream[] = [];
    const live = connect(() => opened[opened.push(new Stream()) - 1] as unknown as EventSource);
    const stream = opened[0] as Stream;
    const heard = { deliveries: [] as string[], changes: 0 };
    live.onDelivery((r) => heard.deliveries.push(r.delivery_id));
    live.onChange(() => heard.changes++);
    return { stream, opened, live, heard };
  }

  test('tells every delivery, but a change only once per burst', () => {
    const { stream, heard } = listen();
    for (const id of ['a', 'b', 'c']) stream.send('delivery', JSON.stringify({ delivery_id: id }));
    expect(heard).toEqual({ deliveries: ['a', 'b', 'c'], changes: 0 });
    vi.runAllTimers();
    expect(heard.changes).toBe(1);
  });

  test('hears that a delivery was taken back', () => {
    const { stream, heard } = listen();
    stream.send('rollback', '{"id":"R1"}');
    vi.runAllTimers();
    expect(heard).toEqual({ deliveries: [], changes: 1 });
  });

  test('asks again after resync and after a lost connection', () => {
    const { stream, live, heard } = listen();
    stream.send('open');
    vi.runAllTimers();
    expect([live.connected.value, heard.changes]).toEqual([true, 0]);
    stream.send('resync');
    vi.runAllTimers();
    stream.send('error');
    expect(live.connected.value).toBe(false);
    stream.send('open');
    vi.runAllTimers();
    expect(heard.changes).toBe(2);
  });

  test('is quiet while paused, and asks for what it missed when it resumes', () => {
    const { stream, opened, live, heard } = listen();
    stream.send('open');
    stream.send('resync');
    live.pause();
    vi.runAllTimers();
    expect([stream.closed, live.connected.value, heard.changes]).toEqual([true, false, 0]);
    live.resume();
    live.resume();
    expect(opened).toHaveLength(2);
    opened[1]?.send('open');
    vi.runAllTimers();
    expect([live.connected.value, heard.changes]).toEqual([true, 1]);
  });
});

describe('useResource', () => {
  const settle = async () => {
    for (let i = 0; i < 5; i++) await nextTick();
  };

  test('drops the answer to an older question', async () => {
    const question = ref('slow');
    const answers: Record<string, (v: string) => void> = {};
    const scope = effectScope();
    const r = scope.run(() => useResource(() => new Promise<string>((done) => (answers[question.value] = done)), [question]))!;
    question.value = 'fast';
    await settle();
    answers.fast?.('new');
    answers.slow?.('old');
    await settle();
    expect(r.data.value).toBe('new');
    scope.stop();
  });

  test('keeps what it has when a reload fails, and says what failed', async () => {
    let fail = false;
    const scope = effectScope();
    const r = scope.run(() => useResource(async () => {
      if (fail) throw new ApiError('busy', 409, 'Busy', '');
      return 1;
    }))!;
    await settle();
    fail = true;
    await r.reload();
    expect([r.data.value, r.error.value?.code, r.loading.value]).toEqual([1, 'busy', false]);
    scope.stop();
  });
});

describe('problems', () => {
  test('are read from RFC 9457 documents', () => {
    const e = problemOf(422, '{"title":"Bad","detail":"no header","code":"invalid.header","where":"a.csv:1","hint":"write one"}');
    expect([e.code, e.detail, e.where, e.hint]).toEqual(['invalid.header', 'no header', 'a.csv:1', 'write one']);
  });

  test('are told by their status when the body is no document', () => {
    expect(problemOf(502, '<html>')).toMatchObject({ code: '', status: 502 });
  });
});
