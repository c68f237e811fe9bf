// Guide S4 without JavaScript on the embedded stores. On real stores, and in Chromium, it is walked by test/browsers/.
import { withoutScripts } from '../support/guide-reader.ts';
import { walkGuideS4 } from './guide-s4.ts';

walkGuideS4(withoutScripts, 'embedded');
