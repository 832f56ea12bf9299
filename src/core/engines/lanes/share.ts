/**
 * Does tasks in several lanes at once, each lane the next task when it is free; tells whenever one is done. When it is left early
 * or a task fails, it ends after the tasks that are under way, and rejects with the failure.
 */
export async function* shareOut<Task>(
  tasks: Iterable<Task>,
  lanes: number,
  run: (task: Task, lane: number) => Promise<void>,
): AsyncGenerator<void, void, void> {
  const queue = tasks[Symbol.iterator]();
  const running = new Map<number, Promise<number>>();
  const start = (lane: number) => {
    const next = queue.next();
    if (!next.done)
      running.set(
        lane,
        run(next.value, lane).then(() => lane),
      );
  };
  try {
    for (let lane = 0; lane < lanes; lane++) start(lane);
    while (running.size > 0) {
      const lane = await Promise.race(running.values());
      running.delete(lane);
      start(lane);
      yield;
    }
  } finally {
    await Promise.allSettled(running.values());
  }
}
