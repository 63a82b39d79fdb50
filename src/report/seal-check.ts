import type { SealCheck, UnsealedFile } from '../model/seal.ts'
import { jsonText } from './json-text.ts'
import type { Style } from './style.ts'
import { visible } from './visible.ts'
import { count, listed } from './words.ts'
import { wrap } from './wrap.ts'

/** Raised when a field changes its meaning or goes. */
const schemaVersion = 1

/** How many files of one kind are named. */
const mostFiles = 20

/** What is not as it was sealed, for a person; every line is fit for a terminal. */
export function sealCheckText(check: SealCheck, style: Style): string {
  const { seal, stage, mappings, intact, files, otherPython } = check
  const total = seal.files.length
  const isWhole = intact === total && files.length === 0 && otherPython === null
  const said = `${intact} of ${count(total, 'sealed Python file')} ${total === 1 ? 'is' : 'are'} in the ${stage.name} as verified`
  const lines = [
    `${isWhole ? style.good('SEALED') : style.bad('OTHERWISE')}  ${said}`,
    `  sealed at commit ${seal.commit.slice(0, 12)} (${seal.stage}) for ${listed(deployers(check))}`,
    ...mappings.map(
      ({ imageDirectory, sourceDirectory }) =>
        `  /${visible(imageDirectory)} holds ${sourceDirectory === '' ? 'what was uploaded' : visible(sourceDirectory)}`,
    ),
  ]
  const blocks = (['altered', 'missing', 'unsealed'] as const).map(state => block(state, files, style))
  const python =
    otherPython === null
      ? []
      : wrap(
          style,
          `It runs CPython ${otherPython.version} (${otherPython.from}), and was verified for ${listed(deployers(check))}.`,
        )
  return `${[lines, python.map(visible), ...blocks]
    .filter(each => each.length > 0)
    .map(each => each.join('\n'))
    .join('\n\n')}\n`
}

/** The same for a program. */
export function sealCheckJson({ seal, stage, mappings, intact, files, otherPython }: SealCheck): string {
  const places = mappings.map(({ imageDirectory, sourceDirectory }) => ({ imageDirectory, sourceDirectory }))
  const { name, kind, reference } = stage
  return jsonText({
    schemaVersion,
    commit: seal.commit,
    stage: { name, kind, reference },
    mappings: places,
    sealed: seal.files.length,
    intact,
    files,
    otherPython,
  })
}

const titles = {
  altered: 'Other bytes than were verified',
  missing: 'Verified, and not there',
  unsealed: 'There, and never verified',
} as const

function block(state: UnsealedFile['state'], files: readonly UnsealedFile[], style: Style): string[] {
  const some = files.filter(file => file.state === state)
  if (some.length === 0) return []
  const more = some.length > mostFiles ? [`  … and ${some.length - mostFiles} more`] : []
  const paint = state === 'altered' ? style.bad : style.doubtful
  return [`${paint(titles[state])}: ${count(some.length, 'file')}`, ...some.slice(0, mostFiles).map(line), ...more]
}

function line({ path, inImage }: UnsealedFile): string {
  const place =
    inImage === null ? '' : `  /${inImage.path}, layer ${inImage.layer}: ${inImage.createdBy ?? 'which does not say'}`
  return visible(`  ${path}${place}`)
}

function deployers({ seal }: SealCheck): string[] {
  const deploy = seal.interpreters.filter(({ roles }) => roles.includes('deploy'))
  return (deploy.length > 0 ? deploy : seal.interpreters).map(({ version }) => visible(`CPython ${version}`))
}
