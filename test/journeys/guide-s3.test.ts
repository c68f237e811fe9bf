// Guide S3 without JavaScript on the embedded stores. On real stores, and in Chromium, it is walked by test/browsers/.
import { withoutScripts } from '../support/guide-reader.ts';
import { walkGuideS3 } from './guide-s3.ts';

walkGuideS3(withoutScripts, 'embedded');
