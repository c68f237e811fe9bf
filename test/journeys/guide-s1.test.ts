// Guide S1 without JavaScript on the embedded stores. On real stores, and in Chromium, it is walked by test/browsers/.
import { withoutScripts } from '../support/guide-reader.ts';
import { walkGuideS1 } from './guide-s1.ts';

walkGuideS1(withoutScripts, 'embedded');
