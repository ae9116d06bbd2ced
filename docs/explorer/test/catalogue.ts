import { groups } from '../src/catalogue.ts';
import { Catalogue } from '../src/page/catalogue.ts';

/** The catalogue as the page has it. */
export const catalogue = new Catalogue(groups);
