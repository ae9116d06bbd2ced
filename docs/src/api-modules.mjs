// A plugin of TypeDoc: an entry of a package is called as it is imported, and says what package.json says of the package.
import { readFileSync } from 'node:fs';
import { Comment, Converter } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_, reflection) => {
    const path = app.files.getReflectionPath(reflection);
    const [, folder, entry] = /^(.*)\/src\/(\w+)\.ts$/.exec(path ?? '') ?? [];
    if (!folder) return;
    const { name, description } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    reflection.name = entry === 'index' ? name : `${name}/${entry}`;
    reflection.comment ??= new Comment([{ kind: 'text', text: `${description}.` }]);
  });
}
