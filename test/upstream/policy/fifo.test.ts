import { Fifo } from '../../../src/upstream/policy/fifo.js';

it('a queue gives its items in the order in which they came', () => {
  const queue = new Fifo<number>();
  const given: (number | undefined)[] = [];
  const take = () => {
    given.push(queue.first);
    queue.removeFirst();
  };
  for (let item = 0; item < 100; item += 1) {
    queue.push(item);
    if (item % 3 === 0) take();
  }
  while (queue.first !== undefined) take();
  expect(given).toEqual(Array.from({ length: 100 }, (_, item) => item));
});
