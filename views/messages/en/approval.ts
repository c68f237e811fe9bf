// English texts about approving an operation (APR001).

export const approval = {
  'APR001.title': 'Approve an operation',
  'APR001.1': '"{portal}" asks you to approve this operation.',
  'APR001.2': 'Provided by: {owner}',
  'APR001.3': 'What you approve',
  'APR001.4': 'This is recorded together with the code.',
  'APR001.5': 'Kind',
  'APR001.6': 'Payee',
  'APR001.7': 'Amount',
  'APR001.8': 'Number of items',
  'APR001.9': 'Date',
  'APR001.10': 'Reference',
  'APR001.11': 'Approved by',
  'APR001.12': '{n}',
  'APR001.13': '{n} of {total}',
  'APR001.14': 'You can approve this until {until}.',
  'APR001.15': 'There are {n} things to approve. One code approves all of them.',
  'APR001.16': 'If you do not recognise this, choose "Do not approve".',
  'button.approve': 'Approve',
  'button.reject': 'Do not approve',
  'button.back-to-portal': 'Back to the service',
} as const;
