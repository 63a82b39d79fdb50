import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Small files, of which each takes about half a minute and more. */
const long =
  /\/(?:hook\/tools|verify-image|tarball|agreement|hostile-images|embedded|snapshots|changed-at-one-stage|docker-ignore|overlay-engine|verdict-cache)\.test\.ts$/

/** Larger files first, as usual, and before them those that take long all the same: one that is left to the end runs alone. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId)
    return [...sorted.filter(isLong), ...sorted.filter(file => !isLong(file))]
  }
}
