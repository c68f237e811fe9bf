// The enhancements of the pages: a button that shows or hides a secret, one that copies, one that prints, and how far a file
// was sent. Pages work whole without them.
for (const input of document.querySelectorAll('input[type="password"][data-show]')) {
  const { show, hide } = input.dataset;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'toggle';
  const label = document.querySelector(`label[for="${input.id}"]`);
  const name = (word) => {
    button.textContent = word;
    button.setAttribute('aria-label', label ? `${label.textContent} ${word}` : word);
  };
  name(show);
  button.addEventListener('click', () => {
    const hidden = input.type === 'password';
    input.type = hidden ? 'text' : 'password';
    name(hidden ? hide : show);
  });
  input.form?.addEventListener('submit', () => {
    input.type = 'password';
  });
  input.after(button);
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  const { copy, copied } = button.dataset;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(copy);
    button.textContent = copied;
  });
}

for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}

for (const file of document.querySelectorAll('input[type="file"][data-sending]')) {
  const { form } = file;
  form?.addEventListener('submit', (event) => {
    if (file.files.length === 0) return;
    event.preventDefault();
    const { sending, reading } = file.dataset;
    const address = new URL(form.getAttribute('action') ?? '', document.baseURI).href;
    const bar = document.createElement('progress');
    const words = document.createElement('p');
    words.setAttribute('role', 'status');
    const box = document.createElement('div');
    box.className = 'running';
    box.append(words, bar);
    form.after(box);
    const tell = (text) => {
      words.textContent = text;
      bar.setAttribute('aria-label', text);
    };
    tell(sending);
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.upload.addEventListener('progress', ({ loaded, total }) => {
      bar.max = total;
      bar.value = loaded;
      bar.textContent = `${Math.floor((100 * loaded) / total)}%`;
    });
    request.upload.addEventListener('load', () => {
      bar.removeAttribute('value');
      tell(reading);
    });
    request.addEventListener('load', () => {
      if (request.responseURL !== address) {
        location.assign(request.responseURL);
        return;
      }
      // Told on the same page: what the answer is, whole, as if the form itself had been sent.
      document.open();
      document.write(request.responseText);
      document.close();
      document.getElementById('summary')?.focus();
    });
    // No answer: as without this enhancement, the browser says why.
    request.addEventListener('error', () => form.submit());
    request.send(new FormData(form));
    for (const button of form.querySelectorAll('button')) button.disabled = true;
    // The answer has its own place to begin at.
    document.activeElement?.blur();
  });
}
