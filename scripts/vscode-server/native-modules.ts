import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Two of VS Code's native modules would be compiled by install scripts, which are not run. Without the first every output
 * channel stays empty and logs an error. Plain JavaScript does the same, more slowly.
 * @param folder  node_modules/@vscode
 */
export function stubNativeModules(folder: string): void {
  writeFileSync(path.join(folder, 'spdlog/index.js'), SPDLOG);
  writeFileSync(
    path.join(folder, 'native-watchdog/index.js'),
    'exports.start = () => {}; exports.exit = process.exit;\n',
  );
}

// What is exported is named one by one: it is imported by name, from an ES module.
const SPDLOG = `const fs = require('node:fs');
const path = require('node:path');

class Logger {
  constructor(type, name, file) {
    this.file = file;
    this.level = 2;
    this.plain = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, '');
  }
  write(level, label, message) {
    if (level < this.level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    fs.appendFileSync(this.file, this.plain ? message : time + ' [' + label + '] ' + message + '\\n');
  }
  clearFormatters() {
    this.plain = true;
  }
  getLevel() {
    return this.level;
  }
  setLevel(level) {
    this.level = level;
  }
  setPattern() {}
  flush() {}
  drop() {}
}
['trace', 'debug', 'info', 'warning', 'error', 'critical'].forEach((label, level) => {
  const method = label === 'warning' ? 'warn' : label;
  Logger.prototype[method] = function (message) {
    this.write(level, label, message);
  };
});

const create = async (name, file) => new Logger('rotating', name, file);
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`;
