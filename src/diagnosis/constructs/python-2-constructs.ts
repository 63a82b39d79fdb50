import { childOf } from '../python-nodes.ts'
import { type ConstructRow, isType, textOf } from './recognise.ts'

/** What Python 3 took away. */
export const python2Constructs: readonly ConstructRow[] = [
  {
    id: 'print-statement',
    title: 'a print statement',
    since: null,
    until: '3.0',
    pep: 'PEP 3105',
    recognise: isType('print_statement'),
  },
  {
    id: 'exec-statement',
    title: 'an exec statement',
    since: null,
    until: '3.0',
    pep: 'PEP 3100',
    recognise: isType('exec_statement'),
  },
  {
    id: 'backticks',
    title: 'backticks for repr',
    since: null,
    until: '3.0',
    pep: 'PEP 3100',
    recognise: (node, text) => (node.type === 'string' && text[node.startIndex] === '`' ? node : null),
  },
  {
    id: 'octal-literal',
    title: 'an octal literal without its o',
    since: null,
    until: '3.0',
    pep: 'PEP 3127',
    recognise: (node, text) => (node.type === 'integer' && /^0[0-7_]+l?$/i.test(textOf(node, text)) ? node : null),
  },
  {
    id: 'long-literal',
    title: 'a long integer literal',
    since: null,
    until: '3.0',
    pep: 'PEP 237',
    recognise: (node, text) => (node.type === 'integer' && /l$/i.test(textOf(node, text)) ? node : null),
  },
  {
    id: 'ur-string',
    title: 'a string with the prefix ur',
    since: null,
    until: '3.0',
    pep: 'PEP 414',
    recognise: (node, text) => (node.type === 'string' && /^ur['"]/i.test(textOf(node, text)) ? node : null),
  },
  {
    id: 'unequal-by-brackets',
    title: 'the operator <>',
    since: null,
    until: '3.0',
    pep: 'PEP 3100',
    recognise: node => (node.type === 'comparison_operator' ? childOf(node, '<>') : null),
  },
  {
    id: 'raise-with-comma',
    title: 'a raise with a comma',
    since: null,
    until: '3.0',
    pep: 'PEP 3109',
    recognise: node => (node.type === 'raise_statement' && childOf(node, 'expression_list') ? node : null),
  },
  {
    id: 'tuple-parameter',
    title: 'a tuple as a parameter',
    since: null,
    until: '3.0',
    pep: 'PEP 3113',
    recognise: node => (node.type === 'parameters' ? childOf(node, 'tuple_pattern') : null),
  },
]
