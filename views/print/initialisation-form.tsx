// PRT004: the paper form for a company in which nobody can release any more (screens.md §11). Reached without signing in, it is
// empty but for its number.
import type { VNode } from 'preact';
import { textsOf, type Frame } from '../parts/frame.ts';
import { Blank, Paper, Sheet } from './sheet.tsx';

export interface InitialisationFormProps {
  readonly frame: Frame;
  /** 依頼書番号: the reference number of the page. */
  readonly number: string;
}

export function InitialisationFormPage({ frame, number }: InitialisationFormProps): VNode {
  const t = textsOf(frame);
  const title = t.say('PRT004.title');
  return (
    <Paper frame={frame} t={t} screen="PRT004" title={title} back={[{ href: '/forgot', label: t.say('button.back') }]}>
      <Sheet frame={frame} t={t} screen="PRT004" title={title} company={null} mark={t.say('PRT004.number', { number })}>
        <p>{t.say('PRT004.1')}</p>
        <div class="blanks">
          <Blank label={t.say('PRT004.13')} />
          <Blank label={t.say('PRT004.3')} />
          <Blank label={t.label('contract_number')} />
          <Blank label={t.say('PRT004.4')} high />
          <Blank label={t.say('PRT004.5')} high />
        </div>
        <h3>{t.say('PRT004.6')}</h3>
        <div class="blanks">
          <Blank label={t.label('person_name')} />
          <Blank label={t.label('login_id')} />
          <div class="blank">
            <p>
              {t.say('PRT004.7')} <span class="note">{t.say('PRT004.8')}</span>
            </p>
            <ul class="ticks">
              <li>□ {t.say('PRT004.9')}</li>
              <li>□ {t.say('PRT004.10')}</li>
              <li>□ {t.say('PRT004.11')}</li>
              <li>□ {t.say('PRT004.12')}</li>
            </ul>
          </div>
        </div>
        <p class="note">{`${t.say('PRT004.14')}: ${t.say('PRT004.15')} / ${t.say('PRT004.16')}`}</p>
        <p class="note">{t.say('PRT004.17')}</p>
        <h3>{t.say('PRT004.18')}</h3>
        <div class="stamps">
          <p class="stamp">{t.say('PRT004.19')}</p>
          <p class="stamp">{t.say('PRT004.20')}</p>
          <p class="stamp">{t.say('PRT004.21')}</p>
          <p class="stamp">{t.say('PRT004.22')}</p>
        </div>
      </Sheet>
    </Paper>
  );
}
