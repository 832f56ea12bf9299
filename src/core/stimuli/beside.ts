/**
 * Values of several generators as they come, each with its generator's number: in lanes, so many at a time, the others begin as these
 * end. A generator goes on when the next value is asked for.
 *
 * @param makers  make one; alone it gets no lane
 */
export async function* beside<T>(
  makers: readonly ((lane: number | undefined) => AsyncGenerator<T>)[],
  lanes: number,
): AsyncGenerator<readonly [number, T], void, void> {
  const waiting = new Map<number, Promise<Come<T>>>();
  let begun = 0;
  const wait = (index: number, lane: number, generator: AsyncGenerator<T>) =>
    waiting.set(
      index,
      generator.next().then((result) => ({ index, lane, generator, result })),
    );
  const begin = (lane: number) => {
    const index = begun++;
    const make = makers[index];
    if (make) wait(index, lane, make(makers.length > 1 && lanes > 1 ? lane : undefined));
  };
  try {
    for (let lane = 0; lane < lanes; lane++) begin(lane);
    while (waiting.size > 0) {
      const { index, lane, generator, result } = await Promise.race(waiting.values());
      waiting.delete(index);
      if (result.done) begin(lane);
      else {
        yield [index, result.value];
        wait(index, lane, generator);
      }
    }
  } finally {
    await Promise.allSettled(waiting.values());
  }
}

interface Come<T> {
  readonly index: number;
  readonly lane: number;
  readonly generator: AsyncGenerator<T>;
  readonly result: IteratorResult<T>;
}
