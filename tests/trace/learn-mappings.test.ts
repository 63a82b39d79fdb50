import { describe, expect, test } from 'vitest'
import { takeManifest } from '../../src/manifest/take-manifest.ts'
import { learnMappings } from '../../src/trace/learn-mappings.ts'
import { commitStage, memorySource } from '../support/memory-source.ts'

const filesOf = async (files: Record<string, string>) =>
  (await takeManifest(memorySource(commitStage, Object.entries(files)), 'sha1')).python

/** `image directory = source directory: votes`. */
async function learn(source: Record<string, string>, image: Record<string, string>): Promise<string[]> {
  const mappings = learnMappings([await filesOf(source)], await filesOf(image))
  return mappings.map(({ imageDirectory, sourceDirectory, votes }) => `${imageDirectory}=${sourceDirectory}: ${votes}`)
}

const library = 'usr/lib/python3/dist-packages'

describe('the source is found in the image by what it holds', () => {
  test.each<[string, Record<string, string>, Record<string, string>, string[]]>([
    ['as it is', { 'a.py': '1', 'd/b.py': '2' }, { 'app/a.py': '1', 'app/d/b.py': '2' }, ['app=: 2']],
    [
      'a part of it',
      { 'src/a.py': '1', 'src/b.py': '2', 't/c.py': '3' },
      { 'srv/a.py': '1', 'srv/b.py': '2' },
      ['srv=src: 2'],
    ],
    ['a part in a folder of its own name', { 'app/a.py': '1' }, { 'app/a.py': '1' }, ['=: 1']],
    [
      'two parts',
      { 'x/a.py': '1', 'x/b.py': '2', 'y/c.py': '3' },
      { 'one/a.py': '1', 'one/b.py': '2', 'two/c.py': '3' },
      ['one=x: 2', 'two=y: 1'],
    ],
    [
      'altered files beside equal ones',
      { 'a.py': '1', 'b.py': '2' },
      { 'app/a.py': '1', 'app/b.py': 'altered' },
      ['app=: 1'],
    ],
    ['renamed', { 'src/service.py': '1' }, { 'app/main.py': '1' }, ['app/main.py=src/service.py: 1']],
    ['empty files tell nothing', { '__init__.py': '' }, { 'app/__init__.py': '' }, []],
    ['contents of several paths tell nothing', { 'a/x.py': '1', 'b/x.py': '1' }, { 'app/x.py': '1' }, []],
    ['nothing of it', { 'a.py': '1' }, { 'app/a.py': '2' }, []],
    [
      'a vendored copy that is installed as well places nothing',
      { 'app/a.py': '1', 'vendor/six.py': 'six' },
      { 'srv/app/a.py': '1', 'srv/vendor/six.py': 'six', [`${library}/six.py`]: 'six' },
      ['srv=: 2'],
    ],
    [
      'nor does one that agrees by chance',
      { 'app/a.py': '1', 'vendor/six.py': 'six', 'vendor/attr.py': 'old' },
      { 'srv/app/a.py': '1', [`${library}/six.py`]: 'six', [`${library}/attr.py`]: 'new' },
      ['srv=: 1'],
    ],
    [
      'nor does a part of a package of the source',
      {
        'pkg/__init__.py': 'pkg',
        'pkg/deps/__init__.py': 'deps',
        'pkg/deps/six.py': 'six',
        'pkg/deps/attr.py': 'attr',
      },
      { 'srv/pkg/__init__.py': 'pkg', [`${library}/six.py`]: 'six', [`${library}/attr.py`]: 'attr' },
      ['srv=: 1'],
    ],
    [
      'a package that is there and installed as well',
      { 'src/pkg/a.py': '1', 'src/pkg/b.py': '2', 'tests/t.py': '3' },
      {
        'app/src/pkg/a.py': '1',
        'app/src/pkg/b.py': '2',
        'app/tests/t.py': '3',
        [`${library}/pkg/a.py`]: '1',
        [`${library}/pkg/b.py`]: '2',
      },
      ['app=: 3', `${library}=src: 2`],
    ],
    [
      'two copies of all of it, and a stray file',
      { 'a.py': '1', 'b.py': '2', 'c/d.py': '3' },
      {
        'app/a.py': '1',
        'app/b.py': '2',
        'app/c/d.py': '3',
        'srv/a.py': '1',
        'srv/b.py': 'x',
        'srv/c/d.py': '3',
        'tmp/a.py': '1',
      },
      ['app=: 3', 'srv=: 2'],
    ],
    [
      'an installed package does',
      { 'src/pkg/a.py': '1', 'src/pkg/b.py': '2' },
      { [`${library}/pkg/a.py`]: '1', [`${library}/pkg/b.py`]: '2', [`${library}/six.py`]: 'six' },
      [`${library}=src: 2`],
    ],
  ])('%s', async (_name, source, image, expected) => expect(await learn(source, image)).toEqual(expected))

  test('a content that stands all over the image tells nothing', async () => {
    const everywhere = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`p${i}/a.py`, '1']))
    expect(await learn({ 'a.py': '1' }, everywhere)).toEqual([])
  })
})
