// Japanese texts about approving an operation (APR001).

export const approval = {
  'APR001.title': '操作の承認',
  'APR001.1': '「{portal}」が、次の操作の承認を求めています。',
  'APR001.2': '提供元: {owner}',
  'APR001.3': '承認する内容',
  'APR001.4': 'この内容はコードとともに記録されます。',
  'APR001.5': '種類',
  'APR001.6': '振込先',
  'APR001.7': '金額',
  'APR001.8': '件数',
  'APR001.9': '指定日',
  'APR001.10': '整理番号',
  'APR001.11': '承認する方',
  'APR001.12': '{n}件',
  'APR001.13': '{n}件目(全{total}件)',
  'APR001.14': 'この内容は{until}まで承認できます。',
  'APR001.15': '承認する内容は全部で{n}件です。1つのコードで、すべてを承認します。',
  'APR001.16': '内容に心当たりがない場合は、「承認しない」を押してください。',
  'button.approve': '承認する',
  'button.reject': '承認しない',
  'button.back-to-portal': 'サービスへ戻る',
} as const;
