import { describe, expect, test } from 'vitest';
import { MemoryBudget, shares } from '../../src/runtime/memory-budget';

/** A model that takes what it is granted, and remembers it. */
class FakeModel {
  readonly granted: number[] = [];
  readonly needs: { readonly least: number; readonly planned: number };

  constructor(least: number, planned: number) {
    this.needs = { least, planned };
  }

  async fit(bytes: number): Promise<void> {
    this.granted.push(bytes);
  }
}

const claim = (least: number, planned: number, priority = 0) => ({ priority, needs: { least, planned } });

describe('shares', () => {
  test.each([
    ['all that is planned where there is room', 100, [claim(10, 40), claim(10, 50)], [40, 50]],
    ['base planes first, then by priority', 60, [claim(10, 40), claim(10, 50, 1)], [10, 50]],
    ['in the order in which they came among equals', 60, [claim(10, 40), claim(10, 50)], [40, 20]],
    ['exactly the base planes of all', 20, [claim(10, 40), claim(10, 50)], [10, 10]],
    ['everything without a limit', Infinity, [claim(10, 40), claim(10, 50)], [40, 50]],
  ])('give %s', (_, limit, claims, granted) => {
    expect(shares(limit, claims)).toEqual(granted);
  });

  test('are none where base planes do not fit', () => {
    expect(shares(19, [claim(10, 40), claim(10, 50)])).toBeNull();
  });
});

describe('the budget', () => {
  test('takes planes back from the model of lower priority before another is downloaded, and returns them afterwards', async () => {
    const budget = new MemoryBudget();
    await budget.setLimit(100);
    const first = new FakeModel(20, 90);
    const one = budget.reserve(0);
    expect(await one.admit(first.needs)).toBe(90);
    one.bind(first);
    const two = budget.reserve(1);

    expect(await two.admit({ least: 10, planned: 50 })).toBe(50);
    expect(first.granted.at(-1)).toBe(50);
    await two.release();
    expect(first.granted.at(-1)).toBe(90);
  });

  test('refuses a model whose base planes do not fit, and changes nothing for the others', async () => {
    const budget = new MemoryBudget();
    await budget.setLimit(100);
    const first = new FakeModel(60, 90);
    const one = budget.reserve(0);
    await one.admit(first.needs);
    one.bind(first);

    await expect(budget.reserve(5).admit({ least: 50, planned: 50 })).rejects.toMatchObject({ code: 'nothing-fits' });
    expect(first.granted).toEqual([]);
  });

  test('stays as it was where a lower one would hold no base planes', async () => {
    const budget = new MemoryBudget();
    await budget.reserve(0).admit({ least: 60, planned: 90 });

    await expect(budget.setLimit(50)).rejects.toMatchObject({ code: 'nothing-fits' });
    expect(budget.limit).toBe(Infinity);
  });

  test('takes from some before it gives to others', async () => {
    const budget = new MemoryBudget();
    const order: string[] = [];
    const bind = async (name: string, least: number, planned: number, priority: number) => {
      const reservation = budget.reserve(priority);
      await reservation.admit({ least, planned });
      reservation.bind({ needs: { least, planned }, fit: async (bytes) => void order.push(`${name} ${bytes}`) });
    };
    await bind('grows', 10, 60, 1);
    await bind('shrinks', 10, 60, 0);
    order.length = 0;
    await budget.setLimit(80);

    expect(order).toEqual(['shrinks 20', 'grows 60']);
  });
});
