// The enhancements of the pages: a button that shows or hides a secret, one that copies, and one that prints. Pages work whole without them.
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
