import { execa } from 'execa'
import { test } from 'vitest'

/** Something of the machine that a test cannot do without: what it is called, and whether it is there. */
export interface Need {
  readonly name: string
  readonly present: boolean
}

/** Packages are fetched from it, which takes time. */
export const registry: Need = {
  name: 'the npm registry (FIRSTBREAK_TEST_REGISTRY=1)',
  present: process.env.FIRSTBREAK_TEST_REGISTRY === '1',
}

/** A program on PATH. */
export async function programNeed(name: string): Promise<Need> {
  const { failed } = await execa(name, ['--version'], { reject: false })
  return { name, present: !failed }
}

/**
 * `test` where every need is there. Elsewhere a test that is skipped, with what it needs in its name; with
 * FIRSTBREAK_NO_SKIPS=1, as CI sets it, one that fails instead.
 */
export function testNeeding(...needs: readonly Need[]): (name: string, body: () => Promise<void> | void) => void {
  const missing = needs.filter(need => !need.present).map(need => need.name)
  if (missing.length === 0) return (name, body) => void test(name, body)
  const label = `[needs ${missing.join(', ')}]`
  if (process.env.FIRSTBREAK_NO_SKIPS !== '1') return name => void test.skip(`${name} ${label}`)
  return name =>
    void test(`${name} ${label}`, () => {
      throw new Error(`${missing.join(', ')} is missing, and FIRSTBREAK_NO_SKIPS=1 allows no skipped test`)
    })
}
