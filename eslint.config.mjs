import js from '@eslint/js';
import globals from 'globals';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/** Imports go one way: webview → protocol ← extension → worker → core; cli → core. */
const FOLDERS = ['core', 'worker', 'protocol', 'extension', 'webview', 'cli'];
const MAY_IMPORT = {
  core: [],
  worker: ['core', 'protocol'],
  protocol: ['core'],
  extension: ['protocol', 'core'],
  webview: ['protocol', 'core'],
  cli: ['core', 'protocol'],
};

const directions = FOLDERS.map((folder) => {
  const forbidden = FOLDERS.filter((other) => other !== folder && !MAY_IMPORT[folder].includes(other));
  const patterns = [
    { group: forbidden.map((other) => `**/${other}/**`), message: `src/${folder} must not import this.` },
  ];
  if (folder !== 'extension') patterns.push({ group: ['vscode'], message: 'Only src/extension may use vscode.' });
  return {
    files: [`src/${folder}/**`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
});

export default ts.config(
  { ignores: ['dist', 'coverage', 'screenshots', 'src/core/formats/**/proto'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.node, ...globals.browser } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
  },
  {
    rules: {
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', 400],
    },
  },
  ...directions,
);
