import { expect, test } from 'vitest'
import { distributionPython, installedPython } from '../../src/project/distribution-python.ts'

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
  ['debian', '', null],
  ['debian', 'stable', null],
  ['debian', '120', null],
  ['ubuntu', '12', null],
  ['alpine', '12', null],
  ['constructor', '12', null],
])('%s:%s', (name, tag, version) => expect(distributionPython(name, tag)).toBe(version))

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
])('installing %s', (_name, instructions, version) => expect(installedPython('3.11', instructions)).toBe(version))
