import { expect, test } from 'vitest'
import { installedPython, releaseOf } from '../../src/project/distribution-python.ts'

test.each([
  ['debian', '10', '3.7'],
  ['debian', 'buster', '3.7'],
  ['debian', '11.9-slim', '3.9'],
  ['debian', 'bullseye', '3.9'],
  ['debian', '12', '3.11'],
  ['debian', 'bookworm-20240612-slim', '3.11'],
  ['debian', '13', '3.13'],
  ['debian', 'trixie-slim', '3.13'],
  ['ubuntu', 'bionic', '3.6'],
  ['ubuntu', '20.04', '3.8'],
  ['ubuntu', 'jammy-20240530', '3.10'],
  ['ubuntu', '24.04', '3.12'],
  ['alpine', '3.15.4', '3.9'],
  ['alpine', '3.17', '3.10'],
  ['alpine', '3.19.1', '3.11'],
  ['alpine', '3.20', '3.12'],
  ['alpine', '3.23', '3.12'],
  ['alpine', '3.24.1', '3.14'],
  ['cuda', '12.4.1-runtime-ubuntu22.04', '3.10'],
  ['alpine', '3.2', null],
  ['alpine', 'edge', null],
  ['service', '1.0-ubuntu', null],
  ['debian', '', null],
  ['debian', 'stable', null],
  ['debian', '120', null],
  ['ubuntu', '12', null],
  ['alpine', '12', null],
  ['constructor', '12', null],
])('%s:%s', (name, tag, version) => expect(releaseOf(name, tag)?.python ?? null).toBe(version))

const bookworm = { python: '3.11', installer: 'apt' } as const

const linesOf = (instructions: readonly string[]) => instructions.map((text, index) => ({ text, line: index + 1 }))

test.each([
  ['python3', ['RUN apt-get update && apt-get install -y --no-install-recommends python3 && rm -rf /x'], '3.11'],
  ['its tools', ['RUN apt install python3-pip python3-venv'], '3.11'],
  ['a build of its package', ['RUN apt-get install python3=3.11.2-1+b1'], '3.11'],
  ['lines that go on', ['RUN apt-get update; \\\n  apt-get install -y \\\n  git \\\r\n  python3'], '3.11'],
  ['another version', ['RUN apt-get install -y python3.12 python3.12-dev'], '3.12'],
  ['two versions', ['RUN apt-get install -y python3 python3.12'], null],
  ['nothing', ['COPY . .', 'RUN apt-get install -y git && echo python3'], null],
  ['a package of another tool', ['RUN pip install python3'], null],
  ['another word', ['RUN apt-get install -y python3foo libpython3'], null],
  ['uv beside it', ['RUN apt-get install -y python3', 'COPY --from=ghcr.io/astral-sh/uv /uv /bin/'], null],
  ['a copy beside it', ['RUN apt-get install -y python3', 'COPY --from=python:3.12 /usr/local /usr/local'], null],
  ['pyenv beside it', ['RUN apt-get install -y python3 && pyenv install 3.12'], null],
  ['a long command', [`RUN ${'apt '.repeat(200_000)}`], null],
])('installing %s with apt', (_name, instructions, version) =>
  expect(installedPython(bookworm, linesOf(instructions))?.version ?? null).toBe(version),
)

test.each([
  ['python3', ['RUN apk add --no-cache python3'], '3.12'],
  ['its tools', ['RUN apk --no-cache add py3-pip'], '3.12'],
  ['a build of its package', ['RUN apk add python3~=3.12 git'], '3.12'],
  ['another tool with another manager', ['RUN apt-get install -y python3'], null],
  ['something else', ['RUN apk add --no-cache git'], null],
])('installing %s with apk', (_name, instructions, version) =>
  expect(installedPython({ python: '3.12', installer: 'apk' }, linesOf(instructions))?.version ?? null).toBe(version),
)

const another = 'RUN add-apt-repository ppa:deadsnakes/ppa && apt-get install -y python3.12'

test.each([
  ['is started', [another, 'CMD ["python3.12", "main.py"]'], { version: '3.12', line: 1 }],
  [
    'is linked to',
    [another, 'RUN ln -sf /usr/bin/python3.12 /usr/bin/python3', 'CMD python3 main.py'],
    { version: '3.12', line: 1 },
  ],
  [
    'makes an environment',
    ['COPY . .', another, 'RUN python3.12 -m venv /venv', 'CMD ["python", "main.py"]'],
    { version: '3.12', line: 2 },
  ],
  ['is what there is', [another, 'ENTRYPOINT ["/start.sh"]'], { version: '3.12', line: 1 }],
  ['may not be what is started', [another, 'CMD ["python3", "main.py"]'], null],
  ['may not be what is started, in small letters', [another, 'entrypoint /usr/bin/python3 -m service'], null],
  [
    "is not named, and the release's own is started",
    ['RUN apt install -y python3', 'CMD ["python3", "main.py"]'],
    { version: '3.11', line: null },
  ],
])('another version that %s', (_name, instructions, installed) =>
  expect(installedPython(bookworm, linesOf(instructions))).toEqual(installed),
)
