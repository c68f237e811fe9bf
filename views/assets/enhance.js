// The enhancements of the pages: a button that shows or hides a secret, and one that prints. Pages work whole without them.
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

for (const button of document.querySelectorAll('button[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
