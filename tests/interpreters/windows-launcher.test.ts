import { expect, test } from 'vitest'
import { parseLauncherList } from '../../src/interpreters/windows-launcher.ts'

// https://docs.python.org/3/using/windows.html#python-launcher-for-windows-deprecated
test.each([
  [
    'a launcher of 3.11 and later',
    ' -V:3.12 *        C:\\Users\\Jane Doe\\AppData\\Local\\Programs\\Python\\Python312\\python.exe\r\n' +
      ' -V:3.8-32        C:\\Python38-32\\python.exe\r\n' +
      ' -V:ContinuumAnalytics/py39_4.12.0-64 D:\\miniconda3\\python.exe\r\n',
    [
      'C:\\Users\\Jane Doe\\AppData\\Local\\Programs\\Python\\Python312\\python.exe',
      'C:\\Python38-32\\python.exe',
      'D:\\miniconda3\\python.exe',
    ],
  ],
  [
    'an older launcher',
    'Installed Pythons found by py Launcher for Windows\r\n' +
      ' -3.10-64       C:\\Program Files\\Python310\\python.exe *\r\n -2.7-64        C:\\Python27\\python.exe\r\n\r\n',
    ['C:\\Program Files\\Python310\\python.exe', 'C:\\Python27\\python.exe'],
  ],
  ['one without Pythons', 'No installed Pythons found!\r\n', []],
  ['another machine', ' -V:3.12          \\\\server\\share\\python.exe\r\n', []],
  ['a virtual environment, which is no path', '  *               Active venv\r\n', []],
  ['a relative path', ' -V:3.12          python.exe\r\n', []],
  ['nothing', '', []],
])('%s', (_name, listing, expected) => expect(parseLauncherList(listing)).toEqual(expected))
