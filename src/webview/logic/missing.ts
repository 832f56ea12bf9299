/** What a model lacks, and what to do about it. */
export interface Missing {
  /** Sentences. */
  readonly text: string;
  /** Python that makes what is missing: lines to paste. */
  readonly code?: string;
}

const LEAD = / in Python: /;
/** Where another way follows the code. */
const OTHER_WAY = /, or (?=\w+ )/;
/** Between two statements, not within a string. */
const SEMICOLON = /; (?=(?:[^'\\]|\\.|'(?:[^'\\]|\\.)*')*$)/;

/** `the file has weights alone …; export ONNX in Python: import torch; …` → a text, and its code on lines of their own. */
export function missingParts(missing: string): Missing {
  const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}`;
  const [text, python] = missing.split(LEAD, 2) as [string, string?];
  if (python === undefined) return { text: `${sentence(text)}.` };
  const [code, other] = python.split(OTHER_WAY, 2) as [string, string?];
  const statements = code.split(SEMICOLON);
  const last = statements.pop()!;
  const lines = statements.length > 0 ? [statements.join('; '), last] : [last];
  const whose = /\bmodel = /.test(code) ? '' : ', where model is the network that your code makes';
  const way = other === undefined ? '' : `; or ${other}`;
  return { text: `${sentence(text)} in Python${whose}${way}:`, code: lines.join('\n') };
}
