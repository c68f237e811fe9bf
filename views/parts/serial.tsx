// A serial number: in groups for reading, ungrouped when it is copied (screens.md §3 row 13).
import type { VNode } from 'preact';

export function Serial({ value }: { readonly value: string }): VNode {
  return (
    <data class="serial" value={value}>
      {(value.match(/.{1,4}/gu) ?? []).map((group) => (
        <span>{group}</span>
      ))}
    </data>
  );
}
