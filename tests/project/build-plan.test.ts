import { describe, expect, test } from 'vitest'
import { type Path, parsePath, rootPath } from '../../src/model/path.ts'
import { plainBuild } from '../../src/project/base-image.ts'
import { buildPlan } from '../../src/project/build-plan.ts'
import { dockerIgnore } from '../../src/project/docker-ignore.ts'
import { filesBuilt, needsEngine, severalAtOnce } from '../support/engine.ts'
import { testNeeding } from '../support/needs.ts'
import { fileOf } from './files.ts'

const paths = ['main.py', 'app/a.py', 'app/sub/b.py', 'lib/c.py', 'lib two/d.py', 'tests/t.py'] as Path[]

interface Told {
  readonly ignore?: string
  readonly target?: string
  readonly base?: string
}

function planOf(dockerfile: string, { ignore = '', target, base = '' }: Told = {}) {
  const build = {
    dockerfile: fileOf('Dockerfile', dockerfile),
    options: { ...plainBuild, target: target ?? null },
    context: rootPath,
    ignore: dockerIgnore(fileOf('.dockerignore', ignore), 'legacy'),
  }
  return buildPlan(build, paths, parsePath(base)!)
}

function placed(dockerfile: string, told: Told = {}): string[] {
  return planOf(dockerfile, told)
    .placements.map(({ path, imagePath, by }) => `${imagePath} ${path} ${by.from.slice('Dockerfile:'.length)}`)
    .sort()
}

const dockerfiles: Readonly<Record<string, string>> = {
  'all of it': 'FROM scratch\nWORKDIR /x\nWORKDIR srv\nCOPY . .\n',
  'a directory, and files': 'FROM scratch\nCOPY app /x/srv/app\nCOPY main.py lib/c.py /x/srv/\n',
  'what a directory holds': 'FROM scratch\nWORKDIR /x\nCOPY app lib ./\n',
  'another name': 'FROM scratch\nCOPY main.py /x/start.py\n',
  'a name that is a directory by then': 'FROM scratch\nWORKDIR /x/app\nCOPY main.py /x/app\n',
  globs: 'FROM scratch\nCOPY *.py /x/\nCOPY [al]*/?.py /x/y/\n',
  'a glob over directories': 'FROM scratch\nCOPY l* /x/\n',
  'the JSON form': 'FROM scratch\nCOPY ["lib two", "/x/a b/"]\n',
  'several lines': 'FROM scratch\nCOPY app \\\n  # of it\n  lib \\\n  /x/\n',
  variables: 'ARG where=x\nFROM scratch\nARG where\nENV deep=$where/y\nCOPY app "/${deep}/${none:-z}/"\n',
  'several stages':
    'FROM scratch AS one\nWORKDIR /src\nCOPY app lib ./\nFROM one AS two\nCOPY main.py /src/sub/\nFROM scratch\nCOPY --from=two /src/sub /x/y\nCOPY --from=0 /src/a.py /x/\n',
  'several places': 'FROM scratch\nCOPY app /x/1\nADD app /x/2\nCOPY app/a.py /x/1/a2.py\n',
  'from the root of the context': 'FROM scratch\nCOPY /lib ./app/../main.py /x/\n',
}

testNeeding(needsEngine)('files are where the engine puts them', async () => {
  const context = Object.fromEntries(paths.map(path => [path, `'${path}'\n`]))
  await severalAtOnce(Object.entries(dockerfiles), async ([name, dockerfile]) => {
    const files = (await filesBuilt({ ...context, Dockerfile: dockerfile }, 'x')).filter(path => path.endsWith('.py'))
    const expected = planOf(dockerfile).placements.map(({ imagePath }) => imagePath)
    expect([name, expected.filter(path => path.startsWith('x/')).sort()]).toEqual([
      name,
      files.map(path => `x/${path}`),
    ])
  })
})

describe('a plan', () => {
  test('names the last instruction that copied a file', () => {
    expect(placed(dockerfiles['several stages']!)).toEqual([
      'x/a.py app/a.py 8',
      'x/y/b.py app/sub/b.py 7',
      'x/y/main.py main.py 7',
    ])
  })

  test('names the directories that hold one another', () => {
    const pairs = (dockerfile: string) =>
      new Set(planOf(dockerfile).placements.map(each => `${each.imageDirectory}=${each.sourceDirectory}`))
    expect(pairs('FROM a\nCOPY app /srv/app\n')).toEqual(new Set(['srv/app=app']))
    expect(pairs('FROM a AS b\nCOPY . /b\nFROM a\nCOPY --from=b /b/app /srv')).toEqual(new Set(['srv=app']))
    expect(pairs('FROM a\nCOPY main.py /srv/start.py\n')).toEqual(new Set(['srv/start.py=main.py']))
  })

  test('leaves out what .dockerignore leaves out, and names the rule', () => {
    const plan = planOf('FROM a\nCOPY . /x\n', { ignore: '*\n!app\ntests\n' })
    expect(plan.placements.map(({ path }) => path)).toEqual(['app/a.py', 'app/sub/b.py'])
    expect(plan.ignoreRule('tests/t.py' as Path)).toEqual({ file: '.dockerignore', line: 1, text: '*' })
  })

  test('tells which RUNs of other stages a file went through, and which may have made one', () => {
    const { copiesTo } = planOf(`FROM a AS one
COPY main.py /x/
RUN 1
COPY app /x/app
RUN 2
FROM a AS two
COPY --from=one /x /y
RUN 3
COPY lib /y/lib
FROM a
COPY app/a.py /srv/app/
COPY --from=two /y /srv
RUN 4
COPY --from=other/image /y /srv/other
COPY --from=one /made /usr/lib/x
COPY <<EOF /usr/lib/x/written.py
EOF
`)
    const told = (path: string) =>
      copiesTo(path as Path).map(({ by, stage }) =>
        [
          by.from.slice('Dockerfile:'.length),
          ...(stage === null ? [] : [stage.name, ...stage.runs.map(({ text }) => text)]),
        ].join(' '),
      )
    expect(told('srv/main.py')).toEqual(['12 two RUN 1 RUN 2 RUN 3'])
    expect(told('srv/app/a.py')).toEqual(['11', '12 two RUN 2 RUN 3'])
    expect(told('srv/lib/c.py')).toEqual(['12 two'])
    expect(told('srv/made.py')).toEqual(['12 two RUN 1 RUN 2 RUN 3'])
    expect(told('srv/other/a.py')).toEqual(['12 two RUN 1 RUN 2 RUN 3', '14'])
    expect(told('usr/lib/x/a.py')).toEqual(['15 one RUN 1 RUN 2'])
    expect(told('usr/lib/x/written.py')).toEqual(['15 one RUN 1 RUN 2', '16'])
    expect(told('opt/a.py')).toEqual([])
  })

  test('stops at the target', () => {
    const dockerfile = 'FROM a AS One\nCOPY app /x\nFROM one\nCOPY lib /x\n'
    expect(placed(dockerfile, { target: 'one' })).toEqual(['x/a.py app/a.py 2', 'x/sub/b.py app/sub/b.py 2'])
  })

  test('starts where the base image does', () => {
    expect(placed('FROM a\nCOPY main.py .\n', { base: '/srv' })).toEqual(['srv/main.py main.py 2'])
  })

  test('knows the files that the Dockerfile holds', () => {
    const { written, placements, incomplete } = planOf(
      'FROM a\nWORKDIR /x\nCOPY <<EOF gen.py\nCOPY . /y\nEOF\nCOPY <<"A" <<-B main.py y/\nx\nA\nz\nB\nCOPY --parents app/sub lib /p/\n',
    )
    expect([...written].map(([path, by]) => `${path} ${by.from} ${by.text}`)).toEqual([
      'x/gen.py Dockerfile:3 COPY <<EOF gen.py …',
      'x/y/A Dockerfile:6 COPY <<"A" <<-B main.py y/ …',
      'x/y/B Dockerfile:6 COPY <<"A" <<-B main.py y/ …',
    ])
    expect(placements.map(({ imagePath }) => imagePath)).toEqual(['x/y/main.py', 'p/app/sub/b.py', 'p/lib/c.py'])
    expect(incomplete).toBe(false)
  })

  test.each([
    ['FROM a\nCOPY app $WHERE/app\n'],
    ['FROM a\nADD https://example.com/x.tar.gz /x\n'],
    ['FROM a\nCOPY --from=other/image /x /x\n'],
    ['FROM a\nADD vendor.tar.gz /x\n'],
    ['FROM a\nCOPY --exclude=*.py . /x\n'],
  ])('does not know what only the build knows: %j', dockerfile => {
    expect(planOf(dockerfile).incomplete).toBe(true)
  })
})
