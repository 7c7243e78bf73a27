import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startDepartments, type DepartmentDriver } from '#tests/support/departmentDriver.js';

/** A run has asked its customer something, and a person takes the conversation and gives it back: is what the customer writes next the answer? */
let shop: DepartmentDriver;
beforeAll(async () => {
  shop = await startDepartments();
}, 120_000);
afterAll(() => shop.close());

interface Said {
  readonly direction: string;
  readonly author: string;
  readonly text: string;
}

/** A customer of whom a run waits to know for when. */
async function asked(question = 'Pra quando?') {
  const department = await shop.publish(
    [
      ['start:trigger.whatsapp', { burstSeconds: 0 }],
      ['ask:human.ask', { question }],
      ['reply:channel.send', { text: 'Fica pra {{ steps.ask.text }}.' }],
    ],
    'start>ask ask>reply',
  );
  const { body: channel } = await shop.call('POST', '/integrations/simulator', { departmentId: department });
  /** Resolves once it was taken in. */
  const write = async (text: string): Promise<string> => {
    const { body } = await shop.call('POST', `/simulator/${channel.id}/messages`, { from: '1', text });
    const { id } = body.conversation;
    await expect
      .poll(async () => (await shop.call('GET', `/conversations/${id}/messages`)).body.items, { timeout: 60_000 })
      .toContainEqual(expect.objectContaining({ text, direction: 'in' }));
    return id;
  };
  const conversation = await write('quero um bolo');
  const on = async (verb: string, body: object = {}): Promise<void> => {
    expect((await shop.call('POST', `/conversations/${conversation}/${verb}`, body)).status).toBeLessThan(300);
  };
  const said = async (): Promise<string[]> =>
    (await shop.call('GET', `/conversations/${conversation}/messages`)).body.items
      .filter(({ direction, author }: Said) => direction === 'out' && author === 'team')
      .map(({ text }: Said) => text)
      .toReversed();
  const runs = async (): Promise<string[]> =>
    (await shop.call('GET', `/runs?departmentId=${department}`)).body.items
      .map(({ status }: { status: string }) => status)
      .toReversed();
  const come = (expected: string[]) =>
    vi.waitFor(async () => expect(await runs()).toEqual(expected), { timeout: 60_000, interval: 50 });
  await come(['waiting']);
  return { write, on, said, come };
}

it('whoever wrote to a person, and heard from them, is answered anew: the old question is over', async () => {
  const { write, on, said, come } = await asked();
  await on('assign');
  await write('na verdade tenho uma dúvida');
  await on('messages', { text: 'Oi, aqui é a Lúcia!' });
  await on('release');
  await come(['canceled']);
  await write('quero outro bolo');
  await come(['canceled', 'waiting']);
  expect(await said()).toEqual(['Pra quando?', 'Pra quando?']);
  await write('sábado');
  await come(['canceled', 'succeeded']);
  expect((await said()).at(-1)).toBe('Fica pra sábado.');
});

it.each([
  ['wrote to them', 'alô?', null],
  ['heard from them', null, 'Já vejo.'],
])('so is one who only %s', async (_, written, heard) => {
  const { write, on, said, come } = await asked();
  await on('assign');
  if (written !== null) await write(written);
  if (heard !== null) await on('messages', { text: heard });
  await on('release');
  await come(['canceled']);
  await write('oi de novo');
  await come(['canceled', 'waiting']);
  expect(await said()).toEqual(['Pra quando?', 'Pra quando?']);
});

it('where nothing was said meanwhile the question is still the last word, and the customer answers it', async () => {
  const { write, on, said, come } = await asked();
  await on('assign');
  await on('release');
  await write('sábado');
  await come(['succeeded']);
  expect(await said()).toEqual(['Pra quando?', 'Fica pra sábado.']);
});
