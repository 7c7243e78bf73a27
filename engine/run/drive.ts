import { answer, proceed, RUNNER_KEY, type Compiled } from '#engine/compile/compile.js';
import type { Json } from '#nodes/sdk/json.js';
import type { Execution } from './execution.js';
import { groupRunner } from './groupRunner.js';
import type { History } from './history.js';
import type { JournalSaver } from './saver.js';

/**
 * Runs the graph as far as it goes. Step records are the truth and are recalled on the way, so a run without a usable checkpoint simply
 * begins again; a waiting one goes on from its checkpoint with the answers that have come. Answers whether it went from the beginning.
 */
export async function drive(
  program: Compiled,
  execution: Execution,
  fresh: boolean,
  history: History,
  saver: JournalSaver,
): Promise<boolean> {
  const { graph, alone } = program;
  if (alone) {
    // What the graph would do with one group and no checkpoint, without what that costs: see docs/decisions/0048.
    await groupRunner(execution).runGroup(alone.nodes, new Map(), {});
    return true;
  }
  const { id: thread_id, organizationId: organization_id, input } = execution.run;
  const config = { configurable: { thread_id, organization_id } };
  const running = {
    configurable: {
      ...config.configurable,
      [RUNNER_KEY]: groupRunner(execution),
      rests: () => execution.isWaiting,
      ...(fresh && { fresh }),
    },
    recursionLimit: program.groups.length * 2 + 10,
    // Step records are what a recovery rests on; the checkpoint is needed once the run waits.
    durability: 'exit' as const,
  };
  if (fresh || !program.waits) {
    await proceed(graph, { trigger: input }, running);
    return true;
  }
  // A step that waited for somebody to say what became of its effect has no answer to be given: the graph begins again and recalls the rest.
  if ([...history.waiting].some((path) => !history.waits.has(path))) {
    // Its checkpoint has that step behind it. Should this worker die once the step is on record, nobody could see that any more, and go on from there.
    await saver.deleteThread(thread_id);
    await proceed(graph, { trigger: input }, { ...running, configurable: { ...running.configurable, fresh: true } });
    return true;
  }
  const before = await graph.getState(config);
  if (before.config.configurable?.['checkpoint_id'] === undefined) {
    await proceed(graph, { trigger: input }, running);
    return true;
  }
  const answers = new Map<string, Json>();
  for (const [path, wait] of history.waits)
    if (wait.answered && !history.settled.has(path)) answers.set(path, wait.answer);
  await answer(program, config, answers);
  await proceed(graph, null, running);
  return false;
}
