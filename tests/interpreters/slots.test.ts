import { expect, test } from 'vitest'
import { Slots } from '../../src/interpreters/slots.ts'

test.each([1, 2, 3])('%i at once and no more, in order, whatever fails', async count => {
  const slots = new Slots(count)
  const started: number[] = []
  let running = 0
  let most = 0
  const task = async (number: number) => {
    started.push(number)
    running += 1
    most = Math.max(most, running)
    await new Promise(resolve => setImmediate(resolve))
    running -= 1
    if (number % 2 === 0) throw new Error('even')
    return number
  }
  const numbers = [1, 2, 3, 4, 5, 6, 7]
  const results = await Promise.allSettled(numbers.map(number => slots.use(() => task(number))))
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual(numbers.map(number => number % 2 === 1))
  expect(started).toEqual(numbers)
  expect(most).toBe(count)
})
