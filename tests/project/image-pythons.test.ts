import { expect, test } from 'vitest'
import { parsePath } from '../../src/model/path.ts'
import { imagePythons } from '../../src/project/image-pythons.ts'

test.each([
  ['an official image', '3.11.9', ['usr/local/lib/python3.11/os.py'], ['3.11.9 PYTHON_VERSION in the image']],
  ['a pre-release', '3.15.0a2', ['usr/local/lib/python3.15/os.py'], ['3.15.0a2 PYTHON_VERSION in the image']],
  ['no standard library', '3.11.9', ['app/main.py'], ['3.11.9 PYTHON_VERSION in the image']],
  [
    'an official image on Debian, which has one too',
    '3.12.4',
    ['usr/lib/python3.11/os.py', 'usr/lib/python3/dist-packages/os.py', 'usr/local/lib/python3.12/os.py'],
    ['3.12.4 PYTHON_VERSION in the image', '3.11 usr/lib/python3.11 in the image'],
  ],
  ["Debian's", null, ['usr/lib/python3.11/os.py'], ['3.11 usr/lib/python3.11 in the image']],
  ["Fedora's", null, ['usr/lib64/python3.13/os.py'], ['3.13 usr/lib64/python3.13 in the image']],
  ['one from elsewhere', null, ['opt/python/lib/python3.9/os.py'], ['3.9 opt/python/lib/python3.9 in the image']],
  ['free-threaded', null, ['usr/local/lib/python3.13t/os.py'], ['3.13 usr/local/lib/python3.13t in the image']],
  [
    'several: usr/local, then usr, then the newest of the others',
    null,
    [
      'opt/a/lib/python3.9/os.py',
      'opt/b/lib/python3.10/os.py',
      'usr/lib/python3.11/os.py',
      'usr/local/lib/python3.8/os.py',
    ],
    [
      '3.8 usr/local/lib/python3.8 in the image',
      '3.11 usr/lib/python3.11 in the image',
      '3.10 opt/b/lib/python3.10 in the image',
      '3.9 opt/a/lib/python3.9 in the image',
    ],
  ],
  [
    'one version in two places',
    null,
    ['opt/lib/python3.11/os.py', 'usr/lib/python3.11/os.py'],
    ['3.11 usr/lib/python3.11 in the image'],
  ],
  [
    'a variable that the files contradict',
    '3.9.1',
    ['usr/lib/python3.11/os.py'],
    ['3.11 usr/lib/python3.11 in the image'],
  ],
  ['a variable that is no version', '3', ['usr/lib/python3.11/os.py'], ['3.11 usr/lib/python3.11 in the image']],
  ['no Python', null, ['usr/lib/python3/os.py', 'lib/python3.11/site-packages/eventlet/os.py', 'app/os.py'], []],
])('%s', (_name, variable, paths, expected) => {
  const environment = new Map(variable === null ? [] : [['PYTHON_VERSION', variable]])
  const found = imagePythons(
    environment,
    paths.map(path => parsePath(path)!),
  )
  expect(found.map(({ version, from }) => `${version} ${from}`)).toEqual(expected)
})
