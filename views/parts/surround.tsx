// Header and footer, the same order on every page (screens.md §3 row 1). Language and log-out are forms of their own, so
// that <main> keeps its single form.
import type { VNode } from 'preact';
import type { Texts } from '../messages/texts.ts';
import { dateTime, machineTime } from './format.ts';
import type { Frame } from './frame.ts';
import { Sentence } from './sentence.tsx';

function LanguageForm({ frame, t }: { readonly frame: Frame; readonly t: Texts }): VNode {
  const choice = (language: 'ja' | 'en', word: string): VNode => (
    <button
      type="submit"
      name="language"
      value={language}
      lang={language}
      aria-current={frame.language === language ? 'true' : undefined}
    >
      {word}
    </button>
  );
  return (
    <form class="language" method="post" action="/language" aria-label={t.say('frame.language')}>
      <input type="hidden" name="csrf" value={frame.csrf} />
      <input type="hidden" name="return_to" value={frame.path} />
      {choice('ja', '日本語')}
      {choice('en', 'English')}
    </form>
  );
}

function Person({ frame, t }: { readonly frame: Frame; readonly t: Texts }): VNode | null {
  const { signedIn } = frame;
  if (signedIn === null) return null;
  return (
    <div class="person">
      <p>
        <span class="person-name">{signedIn.name}</span>{' '}
        {signedIn.role === undefined ? null : (
          <>
            <span class="person-role">{t.say(`operator-role.${signedIn.role}`)}</span>{' '}
          </>
        )}
        <span class="person-company">{signedIn.company}</span>
      </p>
      {signedIn.until === null ? null : (
        <p class="idle">
          <Sentence pieces={t.pieces('frame.idle', { time: signedIn.until })} />
        </p>
      )}
      <form method="post" action={frame.helpdesk === true ? '/helpdesk/sign-out' : '/logout'}>
        <input type="hidden" name="csrf" value={frame.csrf} />
        <button type="submit" name="action" value="logout" class="button-small">
          {t.say('button.logout')}
        </button>
      </form>
    </div>
  );
}

export function Header({ frame, t }: { readonly frame: Frame; readonly t: Texts }): VNode {
  return (
    <header class="header">
      <div class="header-row">
        <a class="brand" href={frame.helpdesk === true ? '/helpdesk' : '/'}>
          {frame.brand.web[frame.language]}
        </a>
        <LanguageForm frame={frame} t={t} />
      </div>
      <Person frame={frame} t={t} />
      {frame.environment === 'demo' ? (
        <p class="environment">
          <strong>{t.say('frame.demo')}</strong> {t.say('frame.demo.note')}
        </p>
      ) : null}
    </header>
  );
}

export function Footer(props: { readonly frame: Frame; readonly t: Texts; readonly screen: string }): VNode {
  const { frame, t, screen } = props;
  return (
    <footer class="footer">
      <div class="footer-help">
        <h2>{t.say('frame.help')}</h2>
        <p>
          {t.say('frame.desk')}
          <br />
          {t.say('frame.hours')}
          {frame.deskOpens === null ? null : (
            <>
              <br />
              <Sentence pieces={t.pieces('ask.opens', { opens: frame.deskOpens })} />
            </>
          )}
        </p>
      </div>
      <p class="footer-page">
        {frame.brand.terms === null ? null : (
          <>
            <a href={frame.brand.terms}>{t.say('frame.terms')}</a>{' '}
          </>
        )}
        {t.say('frame.screen', { screen })}{' '}
        <time datetime={machineTime(frame.now)}>{dateTime(frame.now, frame.language, null)}</time>
      </p>
    </footer>
  );
}
